import * as z from 'zod/mini'
import { type Answer, normalizeAnswer } from '../domain/answers.ts'
import { UserError } from '../domain/errors.ts'
import { type Guide, otherGuideRemedy, type QuestionId } from '../domain/guide.ts'
import { holdsMark } from '../notes/markers.ts'
import { readNotes } from '../notes/notes.ts'
import type { Bytes } from './archive.ts'
import type { Group, Page, Reading } from './reading.ts'
import type { TableOptions } from './table.ts'

/** A file with its text, where it is one. */
export interface Form extends Bytes {
  text: string
}

/** The guide with this id, else those that may be meant where a file names none. */
export type FindGuides = (id: string | undefined) => Promise<readonly Guide[]>

/** A kind of file in which answers come home. `read` returns nothing where the file is not of this kind after all. */
interface Format {
  /** Of the files of a folder that are tried. */
  endings: readonly string[]
  fits(form: Form): boolean
  read(form: Form, find: FindGuides, options: TableOptions): Reads
}

export interface Found {
  guide: Guide
  reading: Reading
}
type Reads = Promise<Found | undefined>

const isZip = ({ bytes }: Bytes) => bytes.indexOf('PK\x03\x04') === 0
/** Told by a name in the directory at its end, and not by what packed bytes happen to spell. */
const isExcel = (form: Form) =>
  isZip(form) &&
  /PK\x01\x02.{42}xl\//s.test(form.bytes.toString('latin1', Math.max(0, form.bytes.length - 500_000)))
const OUR_FIELDS = /^(?:\ufeff|[ \t{]|\r?\n|#[^\n]*\n|---)*["']?(?:guide|answers|skipped)["']?[ \t]*:/
const isAnswers = (text: string) =>
  OUR_FIELDS.test(text) && !/^["']?(?:title|steps|stories|minutes)["']?[ \t]*:/m.test(text)
const isNotes = (form: Form) => !isNamedTable(form) && (holdsMark(form.text) || isAnswers(form.text))
/** Whether a text is a digest as JSON or YAML. */
export const isDigestData = (text: string) => IS_DIGEST.test(text)
const IS_DIGEST = /^\ufeff?\s*\{?\s*"?guide"?:[^\n]*\n\s*"?groups"?:/
/** What is wrong with such a file, its own reader says best. */
const isData = ({ name }: Form) => /\.(?:ya?ml|json)$/i.test(name)
/** Whether a file is called a table: what looks like a mark in it is in a cell. */
export const isNamedTable = ({ name }: { name: string }) => /\.[ct]sv$/i.test(name)
const isTable = (form: Form) =>
  isNamedTable(form) ||
  (/^[^\n]*[,;\t]/.test(form.text) && !isPage(form) && !/\.(?:ya?ml|json|md|markdown)$/i.test(form.name))
const isPage = ({ text }: Form) => /^\s*<(?:!doctype html|html)\b/i.test(text)

/** What is read, the first that fits. A new format is a file beside this one, a line here, and a test. */
const FORMATS: readonly Format[] = [
  { endings: ['xlsx'], fits: isExcel, read: table },
  { endings: ['json', 'yaml', 'yml'], fits: ({ text }) => isDigestData(text), read: digest },
  { endings: ['md', 'markdown'], fits: isNotes, read: answers },
  { endings: ['csv', 'tsv'], fits: isTable, read: table },
  { endings: ['docx'], fits: form => isZip(form) && !isExcel(form), read: placedPage },
  { endings: ['html', 'htm'], fits: form => form.text !== '' && !isData(form), read: placedPage },
]

/** The files of a folder in which there may be answers; rclone gives the last endings to versions of one file. */
export const READABLE = new RegExp(
  `\\.(?:${FORMATS.flatMap(({ endings }) => endings).join('|')})(?:\\.\\.path\\d+|\\.conflict\\d+)?$`,
  'i',
)

/** A page that people write: a Word file, a web page of ours, or Markdown. */
export async function readPage(form: Form): Promise<Page> {
  if (isZip(form)) return (await import('./docx.ts')).readDocx(form)
  const { readHtml, readMarkdown } = await import('./text.ts')
  return isPage(form) ? readHtml(form.name, form.text) : readMarkdown(form.text)
}

async function placedPage(form: Form, find: FindGuides, { decided }: TableOptions): Reads {
  const { placed } = await import('./placement.ts')
  const page = await readPage(form)
  const guides = await find(page.guide)
  assertGuide(form.name, page.guide, guides[0])
  return best(guides, guide => placed(page, guide, decided))
}

/** @throws UserError (exit 2) if a file names another guide than the one that is asked for. */
function assertGuide(name: string, named: string | undefined, guide: Guide | undefined): void {
  if (named !== undefined && guide && named !== guide.id)
    throw new UserError(
      `${name} holds answers to the guide "${named}", not to "${guide.id}". ${otherGuideRemedy(named, guide)}`,
    )
}

/** The guide to which a file says most. */
function best(guides: readonly Guide[], read: (guide: Guide) => Reading | undefined): Found | undefined {
  const size = ({ reading: { groups, left } }: Found) =>
    groups.reduce((sum, { answers }) => sum + answers.size, -left.length)
  return guides
    .flatMap(guide => {
      const reading = read(guide)
      return reading ? [{ guide, reading }] : []
    })
    .sort((a, b) => size(b) - size(a))[0]
}

const MOST_BYTES = 64 * 1024 * 1024
const ELSE = 'Open it there and save it as .docx.'
/** What word processors write besides, by its first bytes. */
const REFUSED: [RegExp, string][] = [
  [
    /^\xd0\xcf\x11\xe0/,
    'is an old or password-protected Office file. Open it there and save it as .docx, or a table as .xlsx.',
  ],
  [/^\{\\rtf/, `is an RTF file. ${ELSE}`],
  [/^%PDF/, "is a PDF, which can't be read. Save the original as .docx."],
  [
    /^PK\x03\x04.{26}mimetypeapplication\/vnd\.oasis\.opendocument\.spreadsheet/s,
    'is an OpenDocument table. Open it there and save it as .xlsx or .csv.',
  ],
  [
    /^PK\x03\x04.{26}mimetypeapplication\/vnd\.oasis/s,
    `is an OpenDocument file. ${ELSE} LibreOffice keeps everything.`,
  ],
  [/^PK\x03\x04[\s\S]*Index\/Document\.iwa/, 'is a Pages document. Export it there as Word.'],
]

/**
 * Reads a file of any format. Nothing is written.
 * @returns undefined if it holds nothing of a guide.
 * @throws UserError (exit 2) if it is damaged, or of a format that cannot be read.
 */
export async function readForm(file: Bytes, find: FindGuides, options: TableOptions): Reads {
  const form = formOf(file)
  for (const { fits, read } of FORMATS) {
    const found = fits(form) ? await read(form, find, options) : undefined
    if (found) return found
  }
  return undefined
}

/** @throws UserError (exit 2) if such a file holds no answers that can be read. Excel writes `Unicode text` in pairs of bytes. */
export function formOf({ name, bytes }: Bytes): Form {
  const refused = REFUSED.find(([start]) => start.test(bytes.toString('latin1', 0, 4096)))
  if (refused) throw new UserError(`${name} ${refused[1]}`)
  if (bytes.length > MOST_BYTES) throw new UserError(`${name} is far larger than answers are.`)
  if (isZip({ name, bytes })) return { name, bytes, text: '' }
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8'
  try {
    return { name, bytes, text: new TextDecoder(encoding, { fatal: true }).decode(bytes) }
  } catch {
    throw new UserError(`${name} is not UTF-8 text. Save it with that encoding (in Excel: "CSV UTF-8").`)
  }
}

async function table(form: Form, find: FindGuides, options: TableOptions): Reads {
  const { readCsv, readTables, readXlsx } = await import('./table.ts')
  const tables = isZip(form) ? readXlsx(form) : [readCsv(form.name, form.text)]
  return best(await find(undefined), guide => readTables(tables, guide, options))
}

/** Notes, or a YAML or JSON file of answers: each has its id, so that nothing is left over. */
async function answers({ name, text }: Form, find: FindGuides): Reads {
  const { readAnswers } = await import('../schema/answers.ts')
  const { textUnder } = await import('../schema/yaml.ts')
  const source = { name, text }
  const [guide] = await find(holdsMark(text) ? readNotes(source).guide : textUnder('guide', source))
  if (!guide) return undefined
  const { answers, remarks, actions } = readAnswers(source, guide)
  const groups = [{ answers, jots: '' }]
  return { guide, reading: { ...{ groups, told: remarks, left: [], unclear: [], isExact: true }, actions } }
}

const saidSchema = z.array(z.object({ who: z.optional(z.string()), text: z.string() }))
/** Without names, `skipped` is a number. */
const askedSchema = z.object({ id: z.string(), answers: saidSchema, skipped: z.optional(z.unknown()) })
const digestSchema = z.object({
  guide: z.string(),
  questions: z.array(askedSchema),
  noLongerInTheGuide: z.optional(z.array(askedSchema)),
  jots: z.optional(saidSchema),
})

/** What `combine` writes as JSON or YAML: each question with who said what; without names, one after the other. */
async function digest({ name, text }: Form, find: FindGuides): Reads {
  const { readYaml } = await import('../schema/yaml.ts')
  const { data } = digestSchema.safeParse(readYaml({ name, text }).plain)
  const [guide] = data ? await find(data.guide) : []
  if (!data || !guide) return undefined
  assertGuide(name, data.guide, guide)
  const groups = new Map<string, Group & { answers: Map<QuestionId, Answer> }>()
  const group = (name: string) => {
    const known = groups.get(name) ?? { name, answers: new Map(), jots: '' }
    groups.set(name, known)
    return known
  }
  const whose = (who: string | undefined, i: number) => group(who ?? `Response ${i + 1}`)
  for (const { id, answers, skipped } of data.questions) {
    for (const who of Array.isArray(skipped) ? skipped : [])
      group(String(who)).answers.set(id, { text: '', skipped: true })
    for (const [i, { who, text }] of answers.entries())
      whose(who, i).answers.set(id, { text: normalizeAnswer(text), skipped: false })
  }
  for (const [i, { who, text }] of (data.jots ?? []).entries()) whose(who, i).jots = text
  const stray = data.noLongerInTheGuide ?? []
  const left = stray.flatMap(({ id, answers }) => answers.map(({ text }) => ({ where: `"${id}"`, text })))
  const reading = { groups: [...groups.values()], told: [], left, unclear: [] }
  return { guide, reading: { ...reading, isDigest: true } }
}
