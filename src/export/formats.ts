import type { Answers } from '../domain/answers.ts'
import { didYouMean, UserError } from '../domain/errors.ts'
import type { Guide } from '../domain/guide.ts'
import { afresh, type Document } from './document.ts'

/** A page carries all that a document says, a table its questions alone, and answers are for other programs. */
export type Format = {
  /** Of file names; the first is the usual one. */
  endings: readonly [string, ...string[]]
  /** Whether a person at a terminal gets a file rather than its text. */
  file?: boolean
} & (
  | { carries: 'page' | 'table'; write(document: Document): Promise<Iterable<string> | Uint8Array> }
  | { carries: 'answers'; write(guide: Guide, answers: Answers): Promise<string> }
)

/** What notes can be turned into. A writer is loaded when it is asked for. */
export const FORMATS: Record<string, Format> = {
  markdown: {
    carries: 'page',
    endings: ['md', 'markdown'],
    write: async document => {
      const { markdown } = await import('./markdown.ts')
      return afresh(() => markdown(document))
    },
  },
  html: {
    carries: 'page',
    endings: ['html', 'htm'],
    file: true,
    write: async document => {
      const { html } = await import('./html.ts')
      return afresh(() => html(document))
    },
  },
  docx: {
    carries: 'page',
    endings: ['docx'],
    file: true,
    write: async document => (await import('./docx.ts')).docx(document),
  },
  csv: {
    carries: 'table',
    endings: ['csv'],
    write: async document => {
      const { csv } = await import('./answers.ts')
      return afresh(() => csv(document))
    },
  },
  json: {
    carries: 'answers',
    endings: ['json'],
    write: async (guide, answers) => (await import('./answers.ts')).answersJson(guide, answers),
  },
  yaml: {
    carries: 'answers',
    endings: ['yaml', 'yml'],
    write: async (guide, answers) => (await import('./answers.ts')).answersYaml(guide, answers),
  },
}

const NAMES = Object.keys(FORMATS)

export interface FormatOptions {
  /** The word after the command, which is short for the option. */
  word?: string | undefined
  format?: string | undefined
  output?: string | undefined
}

/**
 * The format asked for by name, else the one that the ending of the output names, else Markdown.
 * @throws UserError that names the nearest format.
 */
export function chooseFormat({ word, format, output }: FormatOptions): [string, Format] {
  if (word !== undefined && format !== undefined && word.toLowerCase() !== format.toLowerCase())
    throw new UserError(`"${word}" and --format ${format} exclude each other: name one format.`)
  const asked = format ?? word
  if (asked !== undefined) return named(asked)
  if (output === undefined || output === '-' || output.startsWith('/dev/')) return named('markdown')
  const ending = /\.([^./\\]+)$/.exec(output)?.[1]?.toLowerCase() ?? ''
  const fitting = NAMES.find(name => FORMATS[name]?.endings.includes(ending))
  if (fitting !== undefined) return named(fitting)
  throw new UserError(
    `The ending of "${output}" names no format. Name one with --format: ${NAMES.join(', ')}.`,
  )
}

function named(word: string): [string, Format] {
  const asked = word.toLowerCase()
  const name = NAMES.find(name => name === asked || FORMATS[name]?.endings.includes(asked)) ?? ''
  const format = FORMATS[name]
  if (format !== undefined) return [name, format]
  throw new UserError(
    `"${word}" is no format. ${didYouMean(asked, NAMES) || `Formats: ${NAMES.join(', ')}.`}`,
  )
}

export interface PageOptions {
  layout?: string
  brief?: boolean
  title?: string
}

/**
 * What a format cannot show, nobody should believe to have got.
 * @throws UserError
 */
export function assertRepresentable(
  name: string,
  { carries }: Format,
  { layout, brief, title }: PageOptions,
): void {
  if (brief && layout !== undefined)
    throw new UserError('--brief and --layout exclude each other: one page, or all answers?')
  if (carries !== 'page' && brief)
    throw new UserError(`--brief is a page: markdown, html or docx. ${name} carries answers.`)
  if (carries !== 'page' && title !== undefined)
    throw new UserError(`--title is for pages: markdown, html or docx. ${name} has no title.`)
  if (carries === 'answers' && layout !== undefined)
    throw new UserError(`--layout is for pages and tables. ${name} carries the answers by question.`)
  if (title !== undefined && title.trim() === '')
    throw new UserError('--title needs some words, such as --title "Table 1, October".')
}
