import type { Answers } from '../domain/answers.ts'
import { noSuch, UserError } from '../domain/errors.ts'
import type { Guide, Question } from '../domain/guide.ts'
import { afresh, type Document } from './document.ts'

/** A page carries all that a document says, a table its questions alone, and answers are for other programs. */
export type Format = {
  /** Of file names; the first is the usual one. */
  endings: readonly [string, ...string[]]
  /** Whether a person at a terminal gets a file rather than its text. */
  file?: boolean
} & (
  | { carries: 'page' | 'table'; write(document: Document): Promise<Iterable<string> | Uint8Array> }
  | { carries: 'answers'; write(guide: Guide, answers: Answers, only?: readonly Question[]): Promise<string> }
)

/** What notes can be turned into. A writer is loaded when it is asked for. */
export const FORMATS: Record<string, Format> = {
  markdown: {
    carries: 'page',
    endings: ['md', 'markdown'],
    write: async document => loaded((await import('./markdown.ts')).markdown, document),
  },
  html: {
    carries: 'page',
    ...{ endings: ['html', 'htm'], file: true },
    write: async document => loaded((await import('./html.ts')).html, document),
  },
  pdf: {
    carries: 'page',
    ...{ endings: ['pdf'], file: true },
    // Without a browser it is the page, which any browser elsewhere prints.
    write: async document => {
      const page = loaded((await import('./html.ts')).html, document)
      return (await (await import('./pdf.ts')).pdf(page)) ?? page
    },
  },
  docx: {
    carries: 'page',
    ...{ endings: ['docx'], file: true },
    write: async document => (await import('./docx.ts')).docx(document),
  },
  csv: {
    carries: 'table',
    endings: ['csv'],
    write: async document => loaded((await import('./data.ts')).csv, document),
  },
  json: {
    carries: 'answers',
    endings: ['json'],
    write: async (...given) => (await import('./data.ts')).answersJson(...given),
  },
  yaml: {
    carries: 'answers',
    endings: ['yaml', 'yml'],
    write: async (...given) => (await import('./data.ts')).answersYaml(...given),
  },
}

/** In pieces, written as they are read. */
const loaded = (write: (document: Document) => Generator<string>, document: Document) =>
  afresh(() => write(document))

const NAMES = Object.keys(FORMATS)
/** The name of each format by what people call it. */
const CALLED = new Map([
  ...[['word', 'docx'] as const, ['web', 'html'] as const],
  ...NAMES.flatMap(name => [name, ...(FORMATS[name]?.endings ?? [])].map(word => [word, name] as const)),
])
const PAGES = 'markdown, html, docx or pdf'

/** More characters Excel cuts off without a word. */
export const LONGEST_CELL = 32_767

/** `word` is the word after the command, which is short for the option. */
type FormatOptions = Partial<Record<'word' | 'format' | 'output', string | undefined>>

/**
 * The format asked for by name, else the one that the ending of the output names, else Markdown.
 * @throws UserError that names the nearest format.
 */
export function chooseFormat({ word, format, output }: FormatOptions): [string, Format] {
  if (word !== undefined && format !== undefined && word.toLowerCase() !== format.toLowerCase())
    throw new UserError(`"${word}" and --format ${format} can't be used together: name one format.`)
  const asked = format ?? word
  if (asked !== undefined) return named(asked)
  if (output === undefined || output === '-' || output.startsWith('/dev/')) return named('markdown')
  const ending = /\.([^./\\]+)$/.exec(output)?.[1]?.toLowerCase() ?? ''
  if (CALLED.has(ending)) return named(ending)
  throw new UserError(`No format fits "${output}". Name one with --format: ${NAMES.join(', ')}.`)
}

function named(word: string): [string, Format] {
  const name = CALLED.get(word.toLowerCase()) ?? ''
  const format = FORMATS[name]
  if (format !== undefined) return [name, format]
  throw noSuch('format', word, NAMES)
}

type PageFormat = Extract<Format, { carries: 'page' | 'table' }>

/** A document written, and the ending of the file name: `html` for a PDF that no browser here could print. */
export async function rendered({ write, endings }: PageFormat, document: Document) {
  const content = await write(document)
  const isPage = endings[0] === 'pdf' && !(content instanceof Uint8Array)
  return { content, ...(isPage && { instead: 'html' }) }
}

export const HOW_TO_PRINT =
  'This is a web page, not a PDF: no Chrome, Edge or Chromium was found to make one. Open the page in any browser, print it, and choose "Save as PDF".'

interface PageOptions {
  layout?: string
  brief?: boolean
  title?: string
  by?: string
  date?: string
  jots?: boolean
}

/**
 * Rejects options that the format cannot represent.
 * @throws UserError
 */
export function assertRepresentable(name: string, { carries }: Format, options: PageOptions): void {
  const { layout, brief } = options
  if (brief && layout !== undefined)
    throw new UserError("--brief and --layout can't be used together: one page, or all answers?")
  for (const option of ['brief', 'title', 'by', 'date', 'jots'] as const)
    if (carries !== 'page' && options[option] !== undefined && options[option] !== false)
      throw new UserError(`--${option} works only for ${PAGES}, not for ${name}.`)
  if (carries === 'answers' && layout !== undefined)
    throw new UserError(`--layout is for pages and tables. In ${name}, answers are listed by question.`)
  for (const option of ['title', 'by', 'date'] as const)
    if (options[option]?.trim() === '')
      throw new UserError(`--${option} needs some words, such as --${option} "Table 1, October".`)
}

/**
 * Rejects what is no page.
 * @throws UserError
 */
export function assertPage(what: string, name: string, format: Format): asserts format is PageFormat {
  if (format.carries !== 'page') throw new UserError(`${what} can be written as ${PAGES}, not as ${name}.`)
}
