import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { answerTo, mergeVersions, stateOf } from '../domain/answers.ts'
import type { Guide, QuestionId } from '../domain/guide.ts'
import { hashOf } from '../domain/guide.ts'
import type { Said } from '../notes/digest.ts'
import { readFrontMatter } from '../notes/front-matter.ts'
import type { Notes } from '../notes/notes.ts'
import { namesIn } from '../storage/atomic-file.ts'
import { type Input, readText } from '../storage/io.ts'

/* Files that hold the same group twice: copies that sync tools and people leave, and one group in two formats. */

/** What becomes of copies whose answers differ: groups of their own, merged into the original, or left out. */
export type CopyPolicy = 'groups' | 'merge' | 'leave'
export const COPY_POLICIES: readonly CopyPolicy[] = ['groups', 'merge', 'leave']

/** A file with what it says. */
export interface FileRead {
  input: Input
  groups: readonly Said[]
  /** The same for files that are identical. */
  print: string
  /** Of the forms, for which it was found; of notes, they say it. */
  guide?: Guide
  notes?: Notes
}

const withoutEnding = (path: string) => path.replace(/\.[a-z]{2,8}$/i, '')

/**
 * Each original with its copies and with what has its name in another format, in the order in which it is named. Notes
 * come first, from which the others are made; where only copies are left, the first of them.
 */
export function families(inputs: readonly Input[]): Input[][] {
  const paths = new Set(inputs.map(({ path }) => path))
  const found = new Map<string, { input: Input; rank: number }[]>()
  for (const input of inputs) {
    const { path } = input
    const original = originalOf(basename(path), name => paths.has(join(dirname(path), name)))
    const stem = withoutEnding(original === undefined ? path : join(dirname(path), original))
    const rank = original === undefined ? Number(!/\.md$/i.test(path)) : 2
    const family = found.get(stem) ?? []
    found.set(stem, family)
    family.push({ input, rank })
  }
  return [...found.values()].map(family => family.sort((a, b) => a.rank - b.rank).map(({ input }) => input))
}

/**
 * What of an original and its copies counts: notes of another group are no copy, whatever their name. Sentences about
 * copies go to the `remarks`, or to `differing` where nobody has said what becomes of them.
 */
export function withoutCopies(
  [first, ...others]: readonly FileRead[],
  policy: CopyPolicy | undefined,
  { remarks, differing }: { remarks: string[]; differing: string[] },
): FileRead[] {
  if (!first) return []
  let { groups } = first
  const own: FileRead[] = []
  const [{ group, guide } = { group: undefined, guide: undefined }] = groups
  for (const copy of others) {
    const { name } = copy.input
    const looks = `${name} looks like a copy of ${first.input.name}`
    const ids = differingIn(groups, copy.groups)
    const byNumber = /\.docx$/i.test(name) && isNumbered(basename(name), basename(first.input.name))
    const [one] = copy.groups
    const isOther = groups.length + copy.groups.length === 2 && one?.group !== group
    if (isOther || one?.guide !== guide) own.push(copy)
    else if (ids.length === 0) remarks.push(`${looks}; counted once.`)
    else if (policy === 'groups' || byNumber) {
      own.push(copy)
      remarks.push(`${looks}. Its answers differ, so it counts as a group of its own.`)
    } else if (policy === 'leave') remarks.push(`${looks}. It was left out.`)
    else if (policy === 'merge') {
      groups = merged(groups, copy.groups)
      remarks.push(`${looks}. Both versions are kept: ${ids.join(', ')}`)
    } else differing.push(`${looks}, with other answers: ${ids.join(', ')}`)
  }
  return [{ ...first, groups }, ...own]
}

/** Groups of two files, those that are the same one beside each other. */
function pairs(originals: readonly Said[], copies: readonly Said[]) {
  const byRow = (all: readonly Said[]) =>
    new Map(all.map(one => [one.row === undefined ? '' : `${one.row} ${one.group}`, one]))
  const [mine, theirs] = [byRow(originals), byRow(copies)]
  return [...new Set([...mine.keys(), ...theirs.keys()])].map(
    row => [mine.get(row), theirs.get(row)] as const,
  )
}

/** The ids that a copy answers otherwise than its original; `jots` where it has others. */
function differingIn(originals: readonly Said[], copies: readonly Said[]): QuestionId[] {
  const ids = pairs(originals, copies).flatMap(([mine, theirs]) => {
    const [ours, others] = [wordsIn(mine), wordsIn(theirs)]
    const all = new Set([...ours.keys(), ...others.keys()])
    return [...all].filter(id => (ours.get(id) ?? '') !== (others.get(id) ?? ''))
  })
  return [...new Set(ids)]
}

export const saysSomething = ({ answers, jots }: Pick<Said, 'answers' | 'jots'>) =>
  jots !== '' || [...answers.keys()].some(id => stateOf(answers, id) !== 'open')

/** Each answer as a word for it, the same in whatever format it stands. */
export const printsOf = (said: Pick<Said, 'answers' | 'jots'>): string[] =>
  [...wordsIn(said)].flatMap(([id, words]) => (words === '' ? [] : [`${id} ${hashOf(words)}`]))

const SKIPPED = '(skipped)'

/** The words of each answer, none of an open one, and those of the jots. */
function wordsIn({ answers, jots }: Pick<Said, 'answers' | 'jots'> = NOTHING): Map<QuestionId, string> {
  const words = new Map<QuestionId, string>()
  for (const [id, { text, skipped }] of answers) words.set(id, skipped ? SKIPPED : wordsOf(text))
  return words.set('jots', wordsOf(jots))
}

const NOTHING = { answers: new Map(), jots: '' }

/** Without what formats write each in its own way: emphasis, escapes, levels of headings and spaces. */
const wordsOf = (text: string) =>
  text
    .replace(/[\\*_~`<>]|^#+/gm, '')
    .replace(/\s+/g, ' ')
    .trim()

/** Both versions of what a copy has otherwise. */
const merged = (originals: readonly Said[], copies: readonly Said[]): Said[] =>
  pairs(originals, copies).flatMap(([mine, theirs]) =>
    mine && theirs ? mergedInto(mine, theirs) : (mine ?? theirs ?? []),
  )

function mergedInto(mine: Said, copy: Said): Said {
  const answers = new Map(mine.answers)
  for (const [id, theirs] of copy.answers) {
    const ours = answerTo(answers, id)
    if (ours.text === '' && stateOf(copy.answers, id) !== 'open') answers.set(id, theirs)
    if (ours.text !== '' && theirs.text !== '')
      answers.set(id, { text: mergeVersions(ours.text, theirs.text), skipped: false })
  }
  const jots = [...new Set(`${mine.jots}\n${copy.jots}`.split('\n'))].filter(line => line !== '').join('\n')
  return { ...mine, answers, jots }
}

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
const isNumbered = (name: string, original: string) =>
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
