import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { readFrontMatter } from '../notes/front-matter.ts'
import { namesIn } from './atomic-file.ts'
import { readText } from './io.ts'

/* Copies that sync tools and people leave beside a file, told by their names. */

const COPY = '(?:copy|copia|copie|cópia|kopie|kopia)'
const CONFLICT = '(?:conflict|konflikt|conflit|in conflitto|sfconflict)'

/** How the names of copies are made, without their ending: the first group is the name of the original. */
const KINDS: readonly RegExp[] = [
  // Syncthing, ownCloud, Synology Drive, rclone
  /^(.+)\.sync-conflict-[\w-]+$/i,
  /^(.+)[._]conflict-\d[\d-]*$/i,
  /^(.+?)_[^_]+_\w{3}-\d\d-\d{4,6}-\d{4}_Conflict$/i,
  /^(.+?)(?:\.\.path|\.conflict)\d+$/i,
  // Dropbox, Nextcloud, Seafile, Box, pCloud
  new RegExp(`^(.+?)[ _]?\\([^()]*${CONFLICT}[^()]*\\)$`, 'i'),
  // Windows, macOS, GNOME, Google Drive
  new RegExp(`^(.+?) - ${COPY}(?: \\(\\d+\\))?$`, 'i'),
  new RegExp(`^(.+?) ${COPY}(?: \\d+)?$`, 'i'),
  new RegExp(`^(.+?) \\((?:[\\w ]+ )?${COPY}(?: \\d+)?\\)$`, 'i'),
  new RegExp(`^${COPY} (?:of|de|von|di) (.+)$`, 'i'),
  // OneDrive, with the names that Windows gives to computers
  /^(.+)-(?:DESKTOP|LAPTOP|WIN)-[A-Z0-9]{5,}(?:-\d+)?$/,
]
/** Browsers and iCloud number what they save again; people number groups so, too. */
const NUMBERED: readonly RegExp[] = [/^(.+?) ?\(\d{1,2}\)$/, /^(.+?) \d{1,2}$/]

/**
 * The name of which a name looks like a copy; undefined if it looks like none. A number, or the name of this computer,
 * is one only beside the original.
 */
export function originalOf(
  name: string,
  exists: (name: string) => boolean,
  host = hostname(),
): string | undefined {
  const [, stem = '', ending = '', after = ''] =
    /^(.+?)(\.[a-z]{2,8})((?:\.\.path|\.conflict)\d+)?$/i.exec(name) ?? []
  if (stem === '') return undefined
  if (after !== '') return originalOf(stem + ending, exists, host) ?? stem + ending
  const of = (kind: RegExp) => {
    const original = kind.exec(stem)?.[1]
    return original && (originalOf(original + ending, exists, host) ?? original + ending)
  }
  const own = `-${host.replace(/\.local$/, '').toLowerCase()}`
  const here = stem.toLowerCase().endsWith(own) ? stem.slice(0, -own.length) + ending : undefined
  const perhaps = [...NUMBERED.map(of), here].find(each => each && exists(each))
  return KINDS.map(of).find(each => each) ?? perhaps
}

/** Whether a number is all that tells the two names apart, as where a browser saved the returns of several tables. */
export const isNumbered = (name: string, original: string) =>
  /^ ?\(\d{1,2}\)(?=\.)/.test(name.slice(original.lastIndexOf('.')))

/** The files beside notes that look like copies of them, and are not notes of another group. */
export async function copiesBeside(path: string, group: string | undefined): Promise<string[]> {
  const name = basename(path)
  const stem = name.replace(/\.[^.]*$/, '')
  const names = namesIn(dirname(path)).filter(each => each.includes(stem))
  const copies: string[] = []
  for (const each of names) {
    if (each === name || originalOf(each, other => names.includes(other)) !== name) continue
    const text = /\.docx$/i.test(each) ? '' : await readText(join(dirname(path), each)).catch(() => '')
    if (readFrontMatter(text ?? '').fields.group === group) copies.push(each)
  }
  return copies
}
