import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { longGuide } from '../commands/own-guides.ts'
import { emptyFolder, file, plStories } from '../support/helpers.ts'

const CACHED = ['cache', 'pl-stories', 'guides']

/** The status of notes on `guide.yaml`, and the files that the cache holds afterwards. */
async function statusIn(folder: string, env: Record<string, string> = {}) {
  const { code, out, err } = await plStories(['status', '--guide', 'guide.yaml'], { folder, env })
  return { code, out, err }
}

test('a guide of one’s own is checked once; what was kept is of no use once it is changed, cut off or foreign', async () => {
  const folder = emptyFolder()
  const text = longGuide(12)
  file(folder, 'guide.yaml', text)
  const cache = join(`${folder}.state`, ...CACHED)
  const first = await statusIn(folder)
  expect(first).toMatchObject({ code: 0, err: '' })
  const [kept = ''] = readdirSync(cache)
  expect(statSync(cache).mode & 0o777).toBe(0o700)
  expect(await statusIn(folder)).toEqual(first)

  const known = file(cache, kept)
  const foreign = [JSON.stringify({ text }), JSON.stringify({ text, form: { title: 5 } })]
  const others = [known.slice(0, 40), '{}', '[]', 'null', known.replaceAll('"text"', '"words"')]
  for (const spoilt of [...foreign, ...others]) {
    writeFileSync(join(cache, kept), spoilt)
    expect(await statusIn(folder)).toEqual(first)
  }
  file(folder, 'guide.yaml', text.replace('stories:', 'storys:'))
  const changed = await statusIn(folder)
  expect(changed.code).toBe(2)
  expect(changed.err).toContain('guide.yaml:')
})

test('old entries go, and without a cache folder everything works as before', async () => {
  const folder = emptyFolder()
  file(folder, 'guide.yaml', longGuide(12))
  const cache = join(`${folder}.state`, ...CACHED)
  mkdirSync(cache, { recursive: true })
  for (let i = 0; i < 30; i++) {
    writeFileSync(join(cache, `${i}.json`), '{}')
    utimesSync(join(cache, `${i}.json`), i + 1, i + 1)
  }
  const first = await statusIn(folder)
  expect(readdirSync(cache)).toHaveLength(20)
  expect(readdirSync(cache)).not.toContain('0.json')
  file(folder, 'no-folder', '')
  expect(await statusIn(folder, { XDG_CACHE_HOME: join(folder, 'no-folder') })).toEqual(first)
  // The specification of XDG folders takes relative paths as not set.
  expect(await statusIn(folder, { XDG_CACHE_HOME: 'relative' })).toEqual(first)
  expect(readdirSync(folder)).not.toContain('relative')
})
