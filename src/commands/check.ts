import { dirname } from 'node:path'
import { count, counted } from '../domain/answers.ts'
import {
  type Diagnostic,
  describeAll,
  didYouMean,
  inColumns,
  noneOf,
  type Source,
  stripControls,
  UserError,
} from '../domain/errors.ts'
import { type Guide, guideNotHere, sameGuide, selected, unknownPart } from '../domain/guide.ts'

import { ORDERS } from '../domain/interview.ts'
import { unasked } from '../domain/plan.ts'
import { type FindGuides, isDigestData, READABLE } from '../import/formats.ts'
import { accounting } from '../import/reading.ts'
import { readFrontMatter } from '../notes/front-matter.ts'
import { guideAsked, questionsBeside } from '../notes/guide-text.ts'
import { holdsMark } from '../notes/markers.ts'
import { type Notes, readNotes, strayIds } from '../notes/notes.ts'
import { examineAnswers, examineAnswersToNone } from '../schema/answers.ts'
import { buildGuide } from '../schema/build-guide.ts'
import { examineGuide, guideWarnings } from '../schema/guide.ts'
import { examinePlan, guideNamed, planWarnings } from '../schema/plan.ts'
import { askerFor } from '../session/choose-ui.ts'
import { copiesBeside } from '../session/copies.ts'
import { guideFinder, readIncoming } from '../session/incoming.ts'
import { fixedText, fixNotes } from '../session/repair.ts'
import { allGuidesNear, findGuide, guidesNear, leadsToFile } from '../storage/catalog.ts'
import { type Input, inputBytes, inputsOf, legible } from '../storage/io.ts'
import type { Options } from '../storage/locate.ts'

/** Files that are text for sure. */
const WRITTEN = /\.(?:md|txt|ya?ml|json)$/i

/** Reports every problem of guides, walkthroughs, answers and notes. Warnings alone do not fail. */
export async function check(names: string[], { recursive, ...options }: Options): Promise<number> {
  const asked = options.guide === undefined ? undefined : (await findGuide(options.guide)).guide
  const inputs = await inputsOf(names, { wanted: READABLE, recursive })
  if (inputs.length === 0)
    throw new UserError('There are no files to check. Name files, or a folder that holds some.')
  const find = guideFinder(asked)
  let wrong = 0
  let hasLeft = false
  for (const input of inputs) {
    const said = await report(input, asked, find, options)
    if (!said.sound) wrong++
    hasLeft ||= said.hasLeft ?? false
    const text = stripControls(`${said.lines.join('\n')}\n`)
    process.stdout.write(process.stdout.isTTY ? inColumns(text, process.stdout.columns) : text)
  }
  if (inputs.length > 1)
    process.stdout.write(
      wrong > 0 ? `${wrong} of ${inputs.length} files have problems.\n` : 'No problems found.\n',
    )
  return wrong > 0 ? 2 : Number(hasLeft)
}

interface Report {
  lines: string[]
  sound: boolean
  /** Whether words of a filled-in form went to no question. */
  hasLeft?: boolean
}

async function report(
  input: Input,
  asked: Guide | undefined,
  find: ReturnType<typeof guideFinder>,
  options: Options,
): Promise<Report> {
  if (input.skipped) return { lines: [`${input.name}: ${input.skipped}`], sound: true }
  try {
    const bytes = await inputBytes(input)
    const { badAt, ...source } = legible(input.name, bytes)
    const kind = kindOf(source)
    const isForm = source.text.trim() !== '' && !kind && !(badAt && WRITTEN.test(input.name))
    const form = isForm ? await formReport(input, bytes, find(input.path), options) : undefined
    if (form) return form
    if (options.fix && !badAt && kind === 'notes') {
      const notes = readNotes({ ...source, name: input.path })
      const fixed = await fixedText(notes, options)
      if (fixed !== undefined) {
        await fixNotes(input.path, source.text, fixed)
        return report(input, asked, find, {})
      }
    }
    const verdict = badAt ? onlyProblem(...NOT_UTF8, badAt) : await verdictOn(source, kind, input, asked)
    if (!verdict) return { lines: [`${input.name}: not one of our files, skipped`], sound: true }
    return { lines: linesOf(verdict, source), sound: verdict.problems.length === 0 }
  } catch (error) {
    if (error instanceof UserError) return { lines: [error.message], sound: false }
    throw error
  }
}

/** What would be taken from a file that people fill in, and what would be left over; undefined if it holds nothing. */
async function formReport(
  { name }: Input,
  bytes: Buffer,
  find: FindGuides,
  { accessible }: Options,
): Promise<Report | undefined> {
  const found = await readIncoming({ name, bytes }, find, { ask: askerFor(accessible) })
  if (!found) return undefined
  const { guide, reading } = found
  return { lines: accounting(name, reading, guide), sound: true, hasLeft: reading.left.length > 0 }
}

/** Undefined for a file of a folder that is none of ours. */
async function verdictOn(
  source: Source,
  name: KindName | undefined,
  { path, named }: Input,
  asked: Guide | undefined,
): Promise<Verdict | undefined> {
  if (/^\ufeff?\s*$/.test(source.text)) return onlyProblem('the file is empty', BEGIN)
  if (name === undefined)
    return named ? onlyProblem('this is not a guide, walkthrough, answers file or notes', KINDS) : undefined
  const kind = KINDS_OF_FILE[name]
  const id = kind.guideId(source)
  try {
    const near = async () =>
      name === 'notes' && id === undefined
        ? (await allGuidesNear(dirname(path))).map(({ guide }) => guide)
        : guidesNear(dirname(path), id)
    const verdict = kind.check(source, asked ? [asked] : await near())
    const copies = name === 'notes' ? await copiesBeside(path, readFrontMatter(source.text).fields.group) : []
    const warnings = copies.map(copy => ({
      ...{ line: 1, column: 1, message: `${copy} looks like a copy of this file` },
      hint: 'Compare the two, and keep one.',
    }))
    return { ...verdict, warnings: [...schemaWarnings(source, path), ...verdict.warnings, ...warnings] }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const [first = ''] = error.message.split('\n')
    return onlyProblem(`this file's guide, "${id}", can't be used`, first)
  }
}

const BEGIN = 'To start a guide: pl-stories new my-guide.yaml'
const KINDS =
  'A guide has "stories:", a walkthrough "steps:", an answers file "answers:", notes have "answer" marks.'

const onlyProblem = (message: string, hint: string, at = { line: 1, column: 1 }): Verdict => ({
  about: '',
  problems: [{ ...at, message, hint }],
  warnings: [],
})

const NOT_UTF8 = [
  'this character is not in UTF-8',
  'Open the file in an editor and save it with the encoding UTF-8.',
] as const

/** Every problem with its line, and below them, what the file is. */
function linesOf({ about, problems, warnings }: Verdict, source: Source): string[] {
  const told = warnings.map(({ message, ...rest }) => ({ ...rest, message: `warning: ${message}` }))
  const sum = [
    ...(problems.length > 0 ? [counted(problems.length, 'problem')] : ['no problems found']),
    ...(warnings.length > 0 ? [counted(warnings.length, 'warning')] : []),
  ].join(', ')
  return [
    ...describeAll([...problems, ...told], source),
    `${source.name}: ${about === '' ? '' : `${about}: `}${sum}`,
  ]
}

/** The result of a check: `about` says in words what the file is. */
interface Verdict {
  about: string
  problems: Diagnostic[]
  /** For what is allowed, and perhaps not meant. */
  warnings: Diagnostic[]
}

type KindName = 'guide' | 'walkthrough' | 'answers' | 'notes'

interface Kind {
  /** The words that tell such a YAML file from the others. */
  words: readonly string[]
  /** The guide that the text says it is about. */
  guideId(source: Source): string | undefined
  check(source: Source, guides: readonly Guide[]): Verdict
}

/** Every kind of file that people write. */
const KINDS_OF_FILE: Record<KindName, Kind> = {
  guide: {
    words: 'id name language subtitle standard labels source overview warmup stories action'.split(' '),
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

/** What kind of file a text is, by what it holds, sound or not; undefined if it is not one of ours. */
function kindOf(source: Source): KindName | undefined {
  if (isDigestData(source.text)) return undefined
  if (holdsMark(source.text) || readFrontMatter(source.text).fields.guide !== undefined) return 'notes'
  // In Markdown, fields are only shown.
  if (/\.(?:md|markdown)$/i.test(source.name)) return undefined
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
  const lines = text.replace(/^\ufeff/, '').split('\n')
  const first = lines.find(line => /^[ \t]*[^#\s]/.test(line)) ?? ''
  const margin = /^([ \t]*)[\w-]+:/.exec(first)?.[1]?.length ?? 0
  return lines.flatMap(line => {
    const [, front = '', quote, name = ''] =
      /^([ \t]*(?:\{\s*)?)(["']?)([A-Za-z-]+)["']?[ \t]*:/.exec(line) ?? []
    const isOuter = front.length === margin || front.includes('{') || (quote === '"' && front.length <= 2)
    return isOuter ? [name] : []
  })
}

function checkGuide(source: Source, guides: readonly Guide[]): Verdict {
  const { value: form, problems, read } = examineGuide(source)
  const guide = form && buildGuide(form)
  const about = guide ? `a guide, ${counted(guide.questions.length, 'question')}` : 'a guide'
  const other = guide && guides.find(({ id }) => id === guide.id)
  const warnings = [
    ...(other && !sameGuide(guide, other) ? [read.problemAt(['id'], ...takenId(other))] : []),
    ...(form ? guideWarnings(form, read.problemAt) : []),
    ...read.doubtfulTexts(),
  ]
  return { about, problems, warnings }
}

/** Notes on the one would be taken for notes on the other. */
const takenId = ({ id, name }: Guide) =>
  [
    `another guide has the id "${id}", and is used instead of this one unless --guide names it`,
    `Give this one its own id, such as "my-${name}".`,
  ] as const

function checkWalkthrough(source: Source, guides: readonly Guide[]): Verdict {
  const { plan, form, problems, read } = examinePlan(source, guides)
  if (!plan || !form) return { about: 'a walkthrough', problems, warnings: read.doubtfulTexts() }
  const left = unasked(plan).map(({ id }) => id)
  const hint = 'If that is not intended, add them to the "ask" of a step.'
  const warnings = [
    ...(left.length > 0 ? [read.problemAt(['steps'], `no step asks: ${left.join(', ')}`, hint)] : []),
    ...planWarnings(form, guides, read.problemAt),
    ...read.doubtfulTexts(),
  ]
  const about = `a walkthrough of ${plan.minutes} minutes, ${counted(plan.steps.length, 'step')}`
  return { about, problems, warnings }
}

/** A first line that tells editors where the schema is, and leads nowhere. */
function schemaWarnings({ text }: Source, path: string): Diagnostic[] {
  const [, front = '', address] = /^(\ufeff?#\s+yaml-language-server\s*:\s*\$schema=)(\S+)/.exec(text) ?? []
  if (address === undefined || /^https?:/.test(address) || leadsToFile(address, path)) return []
  const hint = 'Delete the line, or copy the first line of a file made by: pl-stories new'
  const message = `editors find no schema at ${address}`
  return [{ line: 1, column: front.replace('\ufeff', '').length + 1, message, hint }]
}

function checkAnswers(source: Source, guides: readonly Guide[]): Verdict {
  const named = guideNamed(source)
  const guide = named === undefined ? guides[0] : guides.find(({ id }) => id === named)
  if (!guide)
    return { about: `answers to ${named}`, problems: examineAnswersToNone(source, guides), warnings: [] }
  const { problems, warnings } = examineAnswers(source, guide)
  return { about: `answers to ${guide.id}`, problems, warnings }
}

const NO_GUIDE = [
  'these notes name no guide, and no guide here has their questions',
  'Write "guide: ID" between two lines "---" at the top of the file.',
] as const

function checkNotes(source: Source, guides: readonly Guide[]): Verdict {
  const notes = readNotes(source)
  const guide =
    notes.guide === undefined
      ? // Where the marks or the front matter are broken, that is the problem to fix first.
        (guideAsked(questionsBeside(notes), guides) ?? (notes.problems.length > 0 ? guides[0] : undefined))
      : guides.find(({ id }) => id === notes.guide)
  const [message, hint] = notes.guide === undefined ? NO_GUIDE : guideNotHere(notes.guide, guides)
  const unknown = guide ? [] : [{ line: lineOf(source, 'guide'), message, hint }]
  const stray = guide ? strayIds(notes, guide) : []
  const warnings = stray.map(id => ({
    line: notes.spans.get(id)?.line ?? 1,
    message: `the guide has no question "${id}"; its answer is kept, but not asked for`,
    hint:
      didYouMean(id, guide?.questions.flatMap(other => (notes.spans.has(other.id) ? [] : other.id)) ?? []) ||
      'Delete it, or leave it.',
  }))
  const about = guide
    ? `notes on ${guide.id}, ${count(guide.questions, notes.answers).answered} of ${guide.questions.length} questions answered`
    : 'notes'
  return {
    about,
    problems: [...notes.problems, ...notes.doubtful, ...unknown, ...wayProblems(notes, guide)].map(
      atItsWords(source),
    ),
    warnings: warnings.map(atItsWords(source)),
  }
}

/** What the front matter says of how the notes are worked on, where no session could follow it. */
function wayProblems({ order, only = [], source }: Notes, guide: Guide | undefined): Diagnostic[] {
  const at = (field: string, [message, hint]: readonly [string, string]) => ({
    ...{ line: lineOf(source, field), message, hint },
  })
  const isOrder = order === undefined || ORDERS.some(each => each === order.toLowerCase())
  const unknown = guide ? only.filter(part => selected(guide, part).length === 0) : []
  return [
    ...(isOrder ? [] : [at('order', noneOf('order', order, ORDERS))]),
    ...(guide ? unknown.map(part => at('only', unknownPart(guide, part))) : []),
  ]
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
