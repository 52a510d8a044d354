import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import about from '../../package.json' with { type: 'json' }
import { buildGuide, type Guide, type GuideForm } from '../domain/guide.ts'
import { attempt } from './atomic-file.ts'
import { cacheFolder } from './state.ts'

/*
 * Guides of one's own, as the checker has read them, by the hash of their text and the program's version: reading
 * YAML takes most of the time of a command. Whatever goes wrong here, the guide is read from its text.
 */

const MOST_FILES = 20

const hashed = (text: string) => createHash('sha256').update(text).digest('hex')

/** The checked guide of this text; undefined if it has not been kept, or not as it was written. */
export function cachedGuide(text: string): Guide | undefined {
  const path = cacheFile(text)
  const [hash, form = ''] = (path && attempt(() => readFileSync(path, 'utf8')))?.split('\n') ?? []
  return hash === hashed(form) ? buildGuide(JSON.parse(form)) : undefined
}

export function cacheGuide(text: string, form: GuideForm): void {
  const path = cacheFile(text)
  if (!path) return
  const temporary = `${path}.${process.pid}`
  const json = JSON.stringify(form)
  // A cache folder that cannot be written makes commands slower, and nothing else.
  attempt(() => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(temporary, `${hashed(json)}\n${json}`, { flag: 'wx', mode: 0o600 })
    renameSync(temporary, path)
    const age = (file: string) => statSync(file).mtimeMs
    const files = readdirSync(dirname(path)).map(name => join(dirname(path), name))
    for (const old of files.sort((a, b) => age(b) - age(a)).slice(MOST_FILES)) rmSync(old)
  })
}

function cacheFile(text: string): string | undefined {
  const folder = cacheFolder()
  return folder && join(folder, 'guides', `${hashed(`${about.version}\n${text}`)}.json`)
}
