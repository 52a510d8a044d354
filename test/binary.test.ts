import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import about from '../package.json' with { type: 'json' }
import { emptyFolder, plStories } from './support/helpers.ts'

/* npm run binary && npm run test:binary: the single executable file where there is no Node and nothing else. */

const BARE = { PATH: '/nonexistent' }

test('answers are recorded, read and exported in every format, and nothing is said on standard error', async () => {
  const folder = emptyFolder()
  const run = (...args: string[]) => plStories(args, { folder, env: BARE })
  expect(await run('--version')).toEqual({ code: 0, out: `${about.version}\n`, err: '' })
  const walked = await plStories([], { folder, env: BARE, input: 'Equity comes first.\n.\n:quit\n' })
  expect(walked).toMatchObject({ code: 0, err: '' })
  expect(walked.out).toMatch(/^\S.*\/pl-stories(?:\.exe)? --notes /m)
  expect((await run('read', 'warmup')).out).toContain('Equity comes first.')
  for (const format of ['markdown', 'html', 'docx', 'csv', 'json', 'yaml']) {
    const made = await run('export', format, '-o', `out.${format === 'markdown' ? 'md' : format}`)
    expect(made, format).toMatchObject({ code: 0 })
  }
  expect(readdirSync(folder).filter(name => name.startsWith('out.'))).toHaveLength(6)
  expect(readFileSync(`${folder}/out.html`, 'utf8')).toContain('Equity comes first.')
  expect((await run('new', 'mine.yaml')).code).toBe(0)
  expect((await run('check', 'mine.yaml')).code).toBe(0)
  expect((await run('runsheet', 'equity-60', '--at', '3:30pm')).code).toBe(0)
})
