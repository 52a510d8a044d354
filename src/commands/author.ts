import { dirname } from 'node:path'
import { counted } from '../domain/answers.ts'
import { describeAll, inColumns, printable, type Source, UserError } from '../domain/errors.ts'
import type { Guide } from '../domain/guide.ts'
import { findGuide, guidesNear } from '../storage/catalog.ts'
import { type Input, inputsOf, readLegible } from '../storage/inputs.ts'
import type { Common } from '../storage/locate.ts'
import { KINDS_OF_FILE, kindOf, type Verdict } from './check.ts'

/** What of a folder is looked at. */
const WRITTEN = /\.(?:md|ya?ml)$/i

/** Tells everything that is wrong with guides, walkthroughs, answers and notes. Warnings alone do not fail. */
export async function check(names: string[], options: Common): Promise<number> {
  const asked = options.guide === undefined ? undefined : (await findGuide(options.guide)).guide
  const inputs = await inputsOf(names, WRITTEN)
  if (inputs.length === 0)
    throw new UserError('There are no .yaml or .md files to check. Name files, or a folder that holds some.')
  let wrong = 0
  for (const input of inputs) {
    const { lines, sound } = await report(input, asked)
    if (!sound) wrong++
    const text = printable(`${lines.join('\n')}\n`)
    process.stdout.write(process.stdout.isTTY ? inColumns(text, process.stdout.columns) : text)
  }
  if (inputs.length > 1)
    process.stdout.write(
      wrong > 0 ? `${wrong} of ${inputs.length} files must be mended.\n` : 'Nothing must be mended.\n',
    )
  return wrong > 0 ? 2 : 0
}

async function report(input: Input, asked: Guide | undefined): Promise<{ lines: string[]; sound: boolean }> {
  try {
    const { badAt, ...source } = await readLegible(input)
    const verdict =
      fromWordProcessor(source) ?? (badAt ? notUtf8(badAt) : await verdictOn(source, input, asked))
    if (verdict === undefined) return { lines: [`${input.name}: none of our files, left out`], sound: true }
    return { lines: linesOf(verdict, source), sound: verdict.problems.length === 0 }
  } catch (error) {
    if (error instanceof UserError) return { lines: [error.message], sound: false }
    throw error
  }
}

/** Undefined for a file of a folder that is none of ours. */
async function verdictOn(
  source: Source,
  { path, named }: Input,
  asked: Guide | undefined,
): Promise<Verdict | undefined> {
  if (/^\ufeff?\s*$/.test(source.text)) return onlyProblem('the file is empty', BEGIN)
  const name = kindOf(source)
  if (name === undefined)
    return named ? onlyProblem('this is no guide, walkthrough, answers file or notes', KINDS) : undefined
  const kind = KINDS_OF_FILE[name]
  const id = kind.guideId(source)
  try {
    return kind.check(source, asked ? [asked] : await guidesNear(dirname(path), id))
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const [first = ''] = error.message.split('\n')
    return onlyProblem(`the guide "${id}", which this file is about, cannot be used`, first)
  }
}

const BEGIN = 'To begin a guide: pl-stories new my-guide.yaml.'
const KINDS =
  'A guide has "stories:", a walkthrough "steps:", an answers file "answers:", and notes have "answer" marks.'

/** A file that no text editor has written. */
function fromWordProcessor({ name, text }: Source): Verdict | undefined {
  if (!/\.(?:docx?|odt|pages)$/i.test(name) && !/^(?:PK\u0003\u0004|\{\\rtf)/.test(text)) return undefined
  const remedy = 'Save it there as plain text, or check the notes that it was made from.'
  return onlyProblem('this is a file of a word processor, and no plain text', remedy)
}

const onlyProblem = (what: string, remedy: string): Verdict => ({
  about: '',
  problems: [{ line: 1, column: 1, what, remedy }],
  warnings: [],
})

const notUtf8 = (at: { line: number; column: number }): Verdict => ({
  about: '',
  problems: [
    {
      ...at,
      what: 'this character is not written in UTF-8',
      remedy: 'Open the file in an editor and save it with the encoding UTF-8.',
    },
  ],
  warnings: [],
})

/** Every problem with its line, and below them, what the file is. */
function linesOf({ about, problems, warnings }: Verdict, source: Source): string[] {
  const told = warnings.map(({ what, ...rest }) => ({ ...rest, what: `warning: ${what}` }))
  const sum = [
    ...(problems.length > 0 ? [counted(problems.length, 'problem')] : ['nothing must be mended']),
    ...(warnings.length > 0 ? [counted(warnings.length, 'warning')] : []),
  ].join(', ')
  return [
    ...describeAll([...problems, ...told], source),
    `${source.name}: ${about === '' ? '' : `${about}: `}${sum}`,
  ]
}
