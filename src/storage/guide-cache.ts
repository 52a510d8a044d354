import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import about from '../../package.json' with { type: 'json' }
import { buildGuide, type Guide, type GuideForm } from '../domain/guide.ts'

/*
 * Guides of one's own, as the checker has read them, by the hash of their text and the program's version: reading
 * YAML takes most of the time of a command. Whatever goes wrong here, the guide is read from its text.
 */

const MOST_FILES = 20

/** The checked guide of this text; undefined if it has not been kept, or not in the expected shape. */
export function cachedGuide(text: string): Guide | undefined {
  try {
    const form: unknown = JSON.parse(readFileSync(cacheFile(text), 'utf8'))
    return hasGuideShape(form) ? buildGuide(form) : undefined
  } catch {
    return undefined
  }
}

export function cacheGuide(text: string, form: GuideForm): void {
  const path = cacheFile(text)
  try {
    mkdirSync(cacheFolder(), { recursive: true, mode: 0o700 })
    const temporary = `${path}.${process.pid}`
    writeFileSync(temporary, JSON.stringify(form), { flag: 'wx', mode: 0o600 })
    renameSync(temporary, path)
    clearOld()
  } catch {
    // A cache folder that cannot be written makes commands slower, and nothing else.
  }
}

/** Only an absolute XDG_CACHE_HOME counts, as its specification says. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const { XDG_CACHE_HOME = '', LOCALAPPDATA } = env
  if (isAbsolute(XDG_CACHE_HOME)) return join(XDG_CACHE_HOME, 'pl-stories', 'guides')
  if (process.platform === 'win32' && LOCALAPPDATA) return join(LOCALAPPDATA, 'pl-stories', 'guides')
  const usual = process.platform === 'darwin' ? join('Library', 'Caches') : '.cache'
  return join(homedir(), usual, 'pl-stories', 'guides')
}

const cacheFile = (text: string) =>
  join(cacheFolder(), `${createHash('sha256').update(`${about.version}\n${text}`).digest('hex')}.json`)

function clearOld(): void {
  const age = (name: string) => statSync(join(cacheFolder(), name)).mtimeMs
  const files = readdirSync(cacheFolder()).sort((a, b) => age(b) - age(a))
  for (const name of files.slice(MOST_FILES)) rmSync(join(cacheFolder(), name))
}

/** What `buildGuide` relies on. The file is the user's own, but may have been cut off or edited. */
function hasGuideShape(form: unknown): form is GuideForm {
  const { id, name, title, source, warmup, stories, action } = (form ?? {}) as Partial<GuideForm>
  const questions = (list: unknown) =>
    list === undefined ||
    (Array.isArray(list) &&
      list.every(each => typeof each?.id === 'string' && typeof each?.text === 'string'))
  const asks = (section: GuideForm['warmup']) => section === undefined || questions(section.questions)
  return (
    [id, name, title, source?.publisher].every(each => typeof each === 'string') &&
    asks(warmup) &&
    asks(action) &&
    Array.isArray(stories?.elements) &&
    stories.elements.every(
      element => typeof element?.id === 'string' && questions(element.story) && questions(element.comparison),
    )
  )
}
