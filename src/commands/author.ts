import { open, unlink } from 'node:fs/promises'
import { basename, dirname, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { count, counted } from '../domain/answers.ts'
import {
  type Diagnostic,
  describeAll,
  didYouMean,
  inColumns,
  type Source,
  stripControls,
  UserError,
} from '../domain/errors.ts'
import { type Guide, guideNotHere, sameGuide, selected, unknownPart } from '../domain/guide.ts'

import { ORDERS } from '../domain/interview.ts'
import { unasked } from '../domain/plan.ts'
import { readFrontMatter } from '../notes/front-matter.ts'
import { brokenMarkers, holdsMark } from '../notes/markers.ts'
import { type Notes, readNotes, strayIds } from '../notes/notes.ts'
import { examineAnswers, examineAnswersToNone } from '../schema/answers.ts'
import { examineGuide, guideWarnings } from '../schema/guide.ts'
import { examinePlan, guideNamed } from '../schema/plan.ts'
import { asId } from '../schema/validation.ts'
import { ioError } from '../storage/atomic-file.ts'
import {
  findGuide,
  guidesNear,
  SHIPPED,
  shippedGuideText,
  shippedPlanText,
  starterText,
} from '../storage/catalog.ts'
import { type Input, inputsOf, printNotice, readLegible } from '../storage/io.ts'
import { type Common, commandLine } from '../storage/locate.ts'

/** What of a folder is looked at. */
const WRITTEN = /\.(?:md|ya?ml)$/i

/** Tells everything that is wrong with guides, walkthroughs, answers and notes. Warnings alone do not fail. */
export async function check(
  names: string[],
  { recursive, ...options }: Common & { recursive?: boolean },
): Promise<number> {
  const asked = options.guide === undefined ? undefined : (await findGuide(options.guide)).guide
  const inputs = await inputsOf(names, { wanted: WRITTEN, recursive })
  if (inputs.length === 0)
    throw new UserError('There are no .yaml or .md files to check. Name files, or a folder that holds some.')
  let wrong = 0
  for (const input of inputs) {
    const { lines, sound } = await report(input, asked)
    if (!sound) wrong++
    const text = stripControls(`${lines.join('\n')}\n`)
    process.stdout.write(process.stdout.isTTY ? inColumns(text, process.stdout.columns) : text)
  }
  if (inputs.length > 1)
    process.stdout.write(
      wrong > 0 ? `${wrong} of ${inputs.length} files must be mended.\n` : 'Nothing must be mended.\n',
    )
  return wrong > 0 ? 2 : 0
}

async function report(input: Input, asked: Guide | undefined): Promise<{ lines: string[]; sound: boolean }> {
  if (input.skipped) return { lines: [`${input.name}: ${input.skipped}`], sound: true }
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
  const hint = 'Save it there as plain text, or check the notes that it was made from.'
  return onlyProblem('this is a file of a word processor, and no plain text', hint)
}

const onlyProblem = (message: string, hint: string): Verdict => ({
  about: '',
  problems: [{ line: 1, column: 1, message, hint }],
  warnings: [],
})

const notUtf8 = (at: { line: number; column: number }): Verdict => ({
  about: '',
  problems: [
    {
      ...at,
      message: 'this character is not written in UTF-8',
      hint: 'Open the file in an editor and save it with the encoding UTF-8.',
    },
  ],
  warnings: [],
})

/** Every problem with its line, and below them, what the file is. */
function linesOf({ about, problems, warnings }: Verdict, source: Source): string[] {
  const told = warnings.map(({ message, ...rest }) => ({ ...rest, message: `warning: ${message}` }))
  const sum = [
    ...(problems.length > 0 ? [counted(problems.length, 'problem')] : ['nothing must be mended']),
    ...(warnings.length > 0 ? [counted(warnings.length, 'warning')] : []),
  ].join(', ')
  return [
    ...describeAll([...problems, ...told], source),
    `${source.name}: ${about === '' ? '' : `${about}: `}${sum}`,
  ]
}

/** What a file is worth: `about` says in words what it is. */
export interface Verdict {
  about: string
  problems: Diagnostic[]
  /** What is allowed, and perhaps not meant. */
  warnings: Diagnostic[]
}

export type KindName = 'guide' | 'walkthrough' | 'answers' | 'notes'

interface Kind {
  /** The words that tell such a YAML file from the others. */
  words: readonly string[]
  /** The guide that the text says it is about. */
  guideId(source: Source): string | undefined
  check(source: Source, guides: readonly Guide[]): Verdict
}

/** Every kind of file that people write. */
export const KINDS_OF_FILE: Record<KindName, Kind> = {
  guide: {
    words: ['id', 'name', 'language', 'subtitle', 'source', 'overview', 'warmup', 'stories', 'action'],
    guideId: () => undefined,
    check: checkGuide,
  },
  walkthrough: {
    words: ['minutes', 'materials', 'roles', 'norms', 'groups', 'steps'],
    guideId: guideNamed,
    check: checkWalkthrough,
  },
  answers: {
    words: ['answers', 'skipped', 'questions'],
    guideId: guideNamed,
    check: checkAnswers,
  },
  notes: {
    words: [],
    guideId: ({ text }) => readFrontMatter(text).fields.guide,
    check: checkNotes,
  },
}

/** What kind of file a text is, by what it holds; undefined if it is none of ours. It need not be sound. */
export function kindOf(source: Source): KindName | undefined {
  if (holdsMark(source.text) || readFrontMatter(source.text).fields.guide !== undefined) return 'notes'
  const words = new Set(outerWords(source.text))
  if (words.has('answers')) return 'answers'
  // A guide names no guide, and a plan has a title.
  if (words.has('guide') && !['title', 'steps', 'stories', 'minutes'].some(word => words.has(word)))
    return 'answers'
  const names = Object.keys(KINDS_OF_FILE) as KindName[]
  const found = names
    .map(name => ({ name, count: KINDS_OF_FILE[name].words.filter(word => words.has(word)).length }))
    .sort((a, b) => b.count - a.count)[0]
  if (found && found.count > 0) return found.name
  return words.has('guide') ? 'walkthrough' : undefined
}

/** The names at the left margin, wherever that is, in YAML that may be broken, and those of a JSON file. */
function outerWords(text: string): string[] {
  const first = text.replace(/^\ufeff/, '').match(/^[ \t]*[^#\s][^\n]*$/m)?.[0] ?? ''
  const margin = /^([ \t]*)[\w-]+:/.exec(first)?.[1]?.length ?? 0
  const found = text.matchAll(
    new RegExp(`(?:^\\ufeff?[ \\t]{${margin}}|^ {0,2}(?=")|^\\{\\s*)["']?([A-Za-z-]+)["']?[ \\t]*:`, 'gm'),
  )
  return [...found].map(([, word = '']) => word)
}

function checkGuide(source: Source, guides: readonly Guide[]): Verdict {
  const { guide, problems, read } = examineGuide(source)
  const about = guide ? `a guide, ${counted(guide.questions.length, 'question')}` : 'a guide'
  const other = guide && guides.find(({ id }) => id === guide.id)
  const warnings = [
    ...(other && !sameGuide(guide, other) ? [read.problemAt(['id'], ...takenId(other))] : []),
    ...guideWarnings(read.plain, read.problemAt),
    ...read.doubtfulTexts(),
  ]
  return { about, problems, warnings: warnings.filter(read.isNews) }
}

/** What to say of a guide that has the id of another one, so that notes on the one are taken for notes on the other. */
const takenId = ({ id, name }: Guide) =>
  [
    `"${id}" is the id of another guide, which is asked in place of this one where --guide does not name it`,
    `Write an id of your own, such as "my-${name}".`,
  ] as const

function checkWalkthrough(source: Source, guides: readonly Guide[]): Verdict {
  const { plan, problems, read } = examinePlan(source, guides)
  const left = plan ? unasked(plan).map(({ id }) => id) : []
  const about = plan
    ? `a walkthrough of ${plan.minutes} minutes, ${counted(plan.steps.length, 'step')}`
    : 'a walkthrough'
  const warnings =
    left.length === 0
      ? []
      : [
          read.problemAt(
            ['steps'],
            `no step asks: ${left.join(', ')}`,
            'Name them in the "ask" of a step, unless you mean it so.',
          ),
        ]
  return { about, problems, warnings: [...warnings, ...read.doubtfulTexts().filter(read.isNews)] }
}

function checkAnswers(source: Source, guides: readonly Guide[]): Verdict {
  const named = guideNamed(source)
  const guide = named === undefined ? guides[0] : guides.find(({ id }) => id === named)
  if (!guide)
    return { about: `answers to ${named}`, problems: examineAnswersToNone(source, guides), warnings: [] }
  const { problems, warnings } = examineAnswers(source, guide)
  return { about: `answers to ${guide.id}`, problems, warnings }
}

function checkNotes(source: Source, guides: readonly Guide[]): Verdict {
  const notes = readNotes(source)
  const guide = notes.guide === undefined ? guides[0] : guides.find(({ id }) => id === notes.guide)
  const [message, hint] = guideNotHere(notes.guide ?? '', guides)
  const unknown = guide ? [] : [{ line: lineOf(source, 'guide'), message, hint }]
  const stray = guide ? strayIds(notes, guide) : []
  const warnings = stray.map(id => ({
    line: notes.spans.get(id)?.line ?? 1,
    message: `"${id}" is no question of the guide, so it is kept and no more asked`,
    hint:
      didYouMean(id, guide?.questions.flatMap(other => (notes.spans.has(other.id) ? [] : other.id)) ?? []) ||
      'Take it out, or leave it.',
  }))
  const about = guide
    ? `notes on ${guide.id}, ${count(guide.questions, notes.answers).answered} of ${guide.questions.length} questions answered`
    : 'notes'
  return {
    about,
    problems: [...markProblems(notes), ...unknown, ...wayProblems(notes, guide)].map(atItsWords(source)),
    warnings: warnings.map(atItsWords(source)),
  }
}

/** What is wrong with marks. One whose signs have changed has left an end without a beginning. */
function markProblems({ problems, spans, source }: Notes): Diagnostic[] {
  const starts = [0, ...[...source.text.matchAll(/\n/g)].map(({ index }) => index + 1)]
  const within = ({ line }: Diagnostic) =>
    [...spans.values()].some(
      ({ from, to }) => from <= (starts[line - 1] ?? 0) && (starts[line - 1] ?? 0) < to,
    )
  const spoilt = brokenMarkers(source.text).filter(problem => !within(problem))
  const isNews = ({ line, message }: Diagnostic) =>
    !spoilt.some(other => other.line === line || (other.line < line && message.endsWith('ends nothing here')))
  return [...problems.filter(isNews), ...spoilt]
}

/** What the lines in front say of how the notes are worked on, as far as no walk could follow it. */
function wayProblems({ order, only = [], source }: Notes, guide: Guide | undefined): Diagnostic[] {
  const problems: Diagnostic[] = []
  if (order !== undefined && !(ORDERS as readonly string[]).includes(order.toLowerCase()))
    problems.push({
      line: lineOf(source, 'order'),
      message: `"${order}" is no order`,
      hint: didYouMean(order, ORDERS) || `Orders: ${ORDERS.join(', ')}.`,
    })
  for (const part of only) {
    if (!guide || selected(guide, part).length > 0) continue
    const [message, hint] = unknownPart(guide, part)
    problems.push({ line: lineOf(source, 'only'), message, hint })
  }
  return problems
}

/** The line that begins with a field of the front matter; the first if none does. */
function lineOf({ text }: Source, field: string): number {
  const at = text.indexOf(`\n${field}:`)
  return text.slice(0, at + 1).split('\n').length
}

/** Where only a line is known, its first words are meant. */
function atItsWords({ text }: Source): (problem: Diagnostic) => Diagnostic {
  const lines = text.replace(/^\ufeff/, '').split('\n')
  return problem => ({ column: Math.max(0, (lines[problem.line - 1] ?? '').search(/\S/)) + 1, ...problem })
}

export interface NewOptions extends Common {
  from?: string | undefined
  plan?: string | undefined
}

/** Begins a guide or a plan of one's own. A file that stands there is kept. */
export async function newFile(path: string, { from, plan }: NewOptions): Promise<number> {
  if (from !== undefined && plan !== undefined)
    throw new UserError('--from and --plan exclude each other: a guide, or a plan?')
  if (!/[^/\\]\.ya?ml$/i.test(path))
    throw new UserError(
      `A guide or a plan is a YAML file: name it ${path.replace(/\.[^./\\]*$/, '') || 'my-guide'}.yaml, for example.`,
    )
  await createFile(path, withSchema(await textOf(path, { from, plan }), schemaFor(path, plan)))
  printNotice(`${path}: created\nCheck it: ${commandLine(['check', path])}\nTry it: ${tried(path, plan)}`)
  return 0
}

async function textOf(path: string, { from, plan }: NewOptions): Promise<string> {
  const file = basename(path)
  if (plan !== undefined) return shippedPlanText(plan)
  if (from !== undefined) return copiedGuide(await shippedGuideText(from), file, from)
  return starterGuide(await starterText(), file)
}

/** Editors complete and underline what a schema describes; they find ours from where the new file stands. */
function schemaFor(path: string, plan: string | undefined): string {
  const schema = resolve(SHIPPED, plan === undefined ? 'guide.schema.json' : 'walkthrough.schema.json')
  const from = relative(dirname(resolve(path)), schema).replaceAll('\\', '/')
  return /^\w:/.test(from) ? pathToFileURL(schema).href : encodeURI(from)
}

const tried = (path: string, plan: string | undefined) =>
  commandLine(plan === undefined ? ['--guide', path] : ['facilitate', path])

/* The first text of a guide or a plan of one's own, out of a shipped one. */

const SCHEMA_LINE = /^# yaml-language-server: \$schema=.*\n/

/** The text with the address of its schema, seen from where the new file will stand. */
export function withSchema(text: string, address: string): string {
  return `# yaml-language-server: $schema=${address}\n${text.replace(SCHEMA_LINE, '')}`
}

/** The commented starter, with the id and the commands of the new file. */
export function starterGuide(text: string, file: string): string {
  return text.replaceAll('my-guide.yaml', quoted(file)).replaceAll('my-guide', idOf(file))
}

/**
 * A copy of a guide under an id of its own: were there two with one id, notes would be taken for those of the
 * shipped one.
 */
export function copiedGuide(text: string, file: string, from: string): string {
  const head = text.replace(SCHEMA_LINE, '')
  return [
    `# A copy of the guide "${from}". If you change its texts, say so in the note below "source".`,
    head
      .replace(/^id: .*$/m, `id: ${idOf(file)}`)
      .replace(/^name: .*$/m, `name: ${idOf(file)}`)
      .trimEnd(),
    '',
  ].join('\n')
}

function idOf(file: string): string {
  const id = asId(file.replace(/\.ya?ml$/i, '')) || 'my-guide'
  // YAML would take these for a number or a word of its own.
  return /^[\d-]*(?:e[\d-]+)?$|^0[xo]|^(?:true|false|null)$/.test(id) ? `guide-${id}` : id
}
const quoted = (file: string) => (/^[\w.-]+$/.test(file) ? file : `"${file}"`)

/**
 * Writes a file where none stands yet.
 * @throws UserError (exit 2) if something stands there, which is kept; (exit 3) if it cannot be written.
 */
export async function createFile(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx').catch(error => {
    if (error.code === 'EEXIST')
      throw new UserError(`${path} is there already and was kept. Name another file.`)
    throw ioError(error, `write ${path}`, 3)
  })
  try {
    await file.writeFile(text)
    await file.sync()
  } catch (error) {
    await unlink(path).catch(() => {})
    throw ioError(error, `write ${path}`, 3)
  } finally {
    await file.close()
  }
}
