import { type Answer, normalizeAnswer } from '../domain/answers.ts'
import { UserError } from '../domain/errors.ts'
import type { Guide, QuestionId } from '../domain/guide.ts'
import { holdsMark } from '../notes/markers.ts'
import { readNotes } from '../notes/notes.ts'
import { isRecord } from '../schema/validation.ts'
import type { Bytes } from './archive.ts'
import type { Page } from './page.ts'
import type { Reading } from './reading.ts'
import type { TableOptions } from './table.ts'

/** A file with its text, where it is one. */
export interface Form extends Bytes {
  text: string
}

/** The guide with this id, else the one that is meant where a file names none. */
export type FindGuide = (id: string | undefined) => Promise<Guide>

/** A kind of file in which answers come home. `read` returns nothing where the file is not of this kind after all. */
interface Format {
  fits(form: Form): boolean
  read(form: Form, guide: FindGuide, options: TableOptions): Promise<Found | undefined>
}

export interface Found {
  guide: Guide
  reading: Reading
}

const isZipOf =
  (folder: string) =>
  ({ bytes }: Form) =>
    bytes.indexOf('PK\x03\x04') === 0 && bytes.includes(`${folder}/`)
const OUR_FIELDS = /^(?:\ufeff|[ \t{]|\r?\n|#[^\n]*\n|---)*["']?(?:guide|answers|skipped)["']?[ \t]*:/
const isPage = ({ text }: Form) => /^\s*<(?:!doctype html|html)\b/i.test(text)

/** What is read, the first that fits. A new format is a file beside this one, a line here, and a test. */
const FORMATS: readonly Format[] = [
  { fits: isZipOf('xl'), read: table(async form => (await import('./table.ts')).readXlsx(form)) },
  {
    fits: ({ text }) => OUR_FIELDS.test(text) && /["']?groups["']? *:/.test(text.slice(0, 99)),
    read: digest,
  },
  { fits: ({ text }) => holdsMark(text) || OUR_FIELDS.test(text), read: answers },
  {
    fits: form => /[,;\t]/.test(form.text) && !isPage(form),
    read: table(async ({ name, text }) => (await import('./table.ts')).readCsv(name, text)),
  },
  { fits: isZipOf('word'), read: placedPage },
  { fits: ({ text }) => text !== '', read: placedPage },
]

/** A page that people write: a Word file, a web page of ours, or Markdown. */
export async function readPage(form: Form): Promise<Page> {
  if (isZipOf('word')(form)) return (await import('./docx.ts')).readDocx(form)
  const { readHtml, readMarkdown } = await import('./text.ts')
  return isPage(form) ? readHtml(form.name, form.text) : readMarkdown(form.text)
}

async function placedPage(
  form: Form,
  find: FindGuide,
  { decided }: TableOptions,
): Promise<Found | undefined> {
  const { placed } = await import('./placement.ts')
  const page = await readPage(form)
  const guide = await find(page.guide)
  const reading = placed(form.name, page, guide, decided)
  return reading && { guide, reading }
}

const ELSE = 'Open it there and save it as .docx.'
/** What word processors write besides, by its first bytes. */
const REFUSED: [RegExp, string][] = [
  [/^\xd0\xcf\x11\xe0/, `is an old or password-protected Office file. ${ELSE}`],
  [/^\{\\rtf/, `is an RTF file. ${ELSE}`],
  [/^%PDF/, "is a PDF, from which answers can't be told. Save what it was made from as .docx."],
  [
    /^PK\x03\x04.{26}mimetypeapplication\/vnd\.oasis/s,
    `is an OpenDocument file. ${ELSE} LibreOffice loses nothing on that way.`,
  ],
  [/^PK\x03\x04[\s\S]*Index\/Document\.iwa/, 'is a Pages document. Export it there as Word.'],
]

/**
 * Reads a file of any format but notes and answers files. Nothing is written.
 * @returns undefined if it holds nothing of a guide.
 * @throws UserError (exit 2) if it is damaged, or of a format that cannot be read.
 */
export async function readForm(
  file: Bytes,
  guide: FindGuide,
  options: TableOptions,
): Promise<Found | undefined> {
  const form = formOf(file)
  for (const { fits, read } of FORMATS) {
    const found = fits(form) ? await read(form, guide, options) : undefined
    if (found) return found
  }
  return undefined
}

/** @throws UserError (exit 2) if answers cannot be told from such a file. Excel writes `Unicode text` in pairs of bytes. */
export function formOf({ name, bytes }: Bytes): Form {
  const refused = REFUSED.find(([start]) => start.test(bytes.toString('latin1', 0, 4096)))
  if (refused) throw new UserError(`${name} ${refused[1]}`)
  if (bytes.indexOf('PK\x03\x04') === 0) return { name, bytes, text: '' }
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8'
  try {
    return { name, bytes, text: new TextDecoder(encoding, { fatal: true }).decode(bytes) }
  } catch {
    throw new UserError(`${name} is not UTF-8 text. Save it with that encoding (in Excel: "CSV UTF-8").`)
  }
}

function table(read: (form: Form) => Promise<import('./table.ts').Table>): Format['read'] {
  return async (form, find, options) => {
    const { readTable } = await import('./table.ts')
    const guide = await find(undefined)
    const reading = readTable(await read(form), guide, options)
    return reading && { guide, reading }
  }
}

/** Notes, or a YAML or JSON file of answers. */
async function answers({ name, text }: Form, find: FindGuide): Promise<Found> {
  const { readAnswers } = await import('../schema/answers.ts')
  const { textUnder } = await import('../schema/yaml.ts')
  const source = { name, text }
  const guide = await find(holdsMark(text) ? readNotes(source).guide : textUnder('guide', source))
  const { answers, remarks } = readAnswers(source, guide)
  return { guide, reading: { groups: [{ answers, jots: '' }], told: remarks, left: [], unclear: [] } }
}

/** What `combine` writes as JSON or YAML: each question with who said what; without names, one after the other. */
async function digest({ name, text }: Form, find: FindGuide): Promise<Found | undefined> {
  const { readYaml } = await import('../schema/yaml.ts')
  const whole: unknown = /^\s*\{/.test(text) ? json(text) : readYaml({ name, text }).plain
  const list = (value: unknown, key: string) => {
    const found = isRecord(value) ? value[key] : undefined
    return Array.isArray(found) ? (found as unknown[]) : []
  }
  const word = (value: unknown, key: string) =>
    isRecord(value) && typeof value[key] === 'string' ? value[key] : ''
  if (!isRecord(whole) || !Object.hasOwn(whole, 'groups')) return undefined
  const groups = new Map<string, { answers: Map<QuestionId, Answer>; jots: string }>()
  const group = (who: string) => {
    const known = groups.get(who) ?? { answers: new Map<QuestionId, Answer>(), jots: '' }
    groups.set(who, known)
    return known
  }
  const whose = (said: unknown, i: number) => group(word(said, 'who') || `Response ${i + 1}`)
  for (const question of list(whole, 'questions')) {
    const id = word(question, 'id')
    for (const who of list(question, 'skipped'))
      group(String(who)).answers.set(id, { text: '', skipped: true })
    for (const [i, said] of list(question, 'answers').entries())
      whose(said, i).answers.set(id, { text: normalizeAnswer(word(said, 'text')), skipped: false })
  }
  for (const [i, said] of list(whole, 'jots').entries()) whose(said, i).jots = word(said, 'text')
  const guide = await find(word(whole, 'guide'))
  return {
    guide,
    reading: {
      groups: [...groups].map(([name, said]) => ({ name, ...said })),
      told: [],
      left: [],
      unclear: [],
    },
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
