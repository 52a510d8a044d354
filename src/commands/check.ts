import { dirname } from 'node:path'
import { count, counted } from '../domain/answers.ts'
import {
  type Diagnostic,
  describeAll,
  didYouMean,
  inColumns,
  noneOf,
  type Source,
  sentenceOf,
  stripControls,
  UserError,
} from '../domain/errors.ts'
import { type Guide, guideNotHere, sameGuide, selected, unknownPart } from '../domain/guide.ts'
import { ORDERS } from '../domain/interview.ts'
import { unasked } from '../domain/plan.ts'
import { type FindGuides, isDigestData, isNamedTable, READABLE } from '../import/formats.ts'
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
import { guideFinder, NOTHING_ASKED, readIncoming } from '../session/incoming.ts'
import { fixedText, fixNotes } from '../session/repair.ts'
import { allGuidesNear, findGuide, guidesNear, leadsToFile } from '../storage/catalog.ts'
import { type Input, inputBytes, inputsOf, legible, PIPE } from '../storage/io.ts'
import type { Options } from '../storage/locate.ts'
import { deviceAt, print } from '../storage/output.ts'

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
  let exitCode = 0
  for (const input of inputs) {
    const { lines, code } = await report(input, asked, find, options)
    if (code === 2) wrong++
    exitCode = Math.max(exitCode, code)
    print(inColumns(stripControls(`${lines.join('\n')}\n`), deviceAt()?.columns))
  }
  if (inputs.length > 1)
    print(wrong > 0 ? `${wrong} of ${inputs.length} files have problems.\n` : 'No problems found.\n')
  return exitCode
}

interface Report {
  lines: string[]
  /** 2 for a problem, 1 where words of a filled-in form went to no question. */
  code: 0 | 1 | 2
}

async function report(
  input: Input,
  asked: Guide | undefined,
  find: ReturnType<typeof guideFinder>,
  options: Options,
): Promise<Report> {
  const { name, path, skipped } = input
  if (skipped) return { lines: [`${name}: ${skipped}`], code: 0 }
  try {
    const bytes = await inputBytes(input)
    const { badAt, ...source } = legible(name, bytes)
    const kind = kindOf(source)
    const isForm = source.text.trim() !== '' && !kind && !(badAt && WRITTEN.test(name))
    const form = isForm ? await formReport(input, bytes, find(path), options) : undefined
    if (form) return form
    if (options.fix && path !== PIPE && !badAt && kind === 'notes') {
      const notes = readNotes({ ...source, name: path })
      const fixed = await fixedText(notes, options)
      if (fixed !== undefined) {
        await fixNotes(notes, fixed)
        return report(input, asked, find, {})
      }
    }
    // A Word file or a workbook has no lines to show.
    if (isForm && badAt && input.named) return { lines: [`${name} ${NOTHING_ASKED}`], code: 2 }
    const verdict =
      badAt && !isForm ? onlyProblem(...NOT_UTF8, badAt) : await verdictOn(source, kind, input, asked)
    if (!verdict) return { lines: [`${name}: not one of our files, skipped`], code: 0 }
    return { lines: linesOf(verdict, source), code: verdict.problems.length === 0 ? 0 : 2 }
  } catch (error) {
    return { lines: [sentenceOf(error)], code: 2 }
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
  return { lines: accounting(name, reading, guide), code: reading.left.length > 0 ? 1 : 0 }
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
  const front = name === 'notes' ? readFrontMatter(source.text).fields : undefined
  const id = front ? front.guide : name === 'guide' ? undefined : guideNamed(source)
  try {
    const guides = asked
      ? [asked]
      : front && id === undefined
        ? (await allGuidesNear(dirname(path))).map(({ guide }) => guide)
        : await guidesNear(dirname(path), id)
    const { about, problems, warnings } = KINDS_OF_FILE[name].check(source, guides)
    const copies = (front ? await copiesBeside(path, front.group) : []).map(copy =>
      problem(`${copy} looks like a copy of this file`, 'Compare the two, and keep one.'),
    )
    return { about, problems, warnings: [...schemaWarnings(source, path), ...warnings, ...copies] }
  } catch (error) {
    const [first = ''] = sentenceOf(error).split('\n')
    return onlyProblem(`this file's guide, "${id}", can't be used`, first)
  }
}

const BEGIN = 'To start a guide: pl-stories new my-guide.yaml'
const KINDS =
  'A guide has "stories:", a walkthrough "steps:", an answers file "answers:", notes have "answer" marks.'

const problem = (message: string, hint: string, at = { line: 1, column: 1 }) => ({ ...at, message, hint })

const onlyProblem = (...what: Parameters<typeof problem>): Verdict => ({
  ...{ about: '', problems: [problem(...what)], warnings: [] },
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

/** Every kind of file that people write, with the words that tell such a YAML file from the others. */
const KINDS_OF_FILE = {
  guide: {
    words: 'id name language subtitle standard labels source overview warmup stories action'.split(' '),
    check: checkGuide,
  },
  walkthrough: {
    words: ['minutes', 'materials', 'roles', 'norms', 'groups', 'steps'],
    check: checkWalkthrough,
  },
  answers: { words: ['answers', 'skipped', 'questions'], check: checkAnswers },
  notes: { words: [], check: checkNotes },
} satisfies Record<string, { words: string[]; check(source: Source, guides: readonly Guide[]): Verdict }>

type KindName = keyof typeof KINDS_OF_FILE
const NAMES = Object.keys(KINDS_OF_FILE) as KindName[]

/** What kind of file a text is, by what it holds, sound or not; undefined if it is not one of ours. */
function kindOf(source: Source): KindName | undefined {
  if (isDigestData(source.text) || isNamedTable(source)) return undefined
  if (holdsMark(source.text) || readFrontMatter(source.text).fields.guide !== undefined) return 'notes'
  // In Markdown, fields are only shown.
  if (/\.(?:md|markdown)$/i.test(source.name)) return undefined
  const words = new Set(outerWords(source.text))
  if (words.has('answers')) return 'answers'
  // A guide names no guide, and a plan has a title.
  if (words.has('guide') && !['title', 'steps', 'stories', 'minutes'].some(word => words.has(word)))
    return 'answers'
  const told = (name: KindName) => KINDS_OF_FILE[name].words.filter(word => words.has(word)).length
  const [best = 'notes'] = NAMES.toSorted((a, b) => told(b) - told(a))
  if (told(best) > 0) return best
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
  const warnings = [...(form ? guideWarnings(form, read.problemAt) : []), ...read.doubtfulTexts()]
  // Notes on the one would be taken for notes on the other.
  if (other && !sameGuide(guide, other)) {
    const told = `another guide has the id "${guide.id}", and is used instead of this one unless --guide names it`
    warnings.unshift(read.problemAt(['id'], told, `Give this one its own id, such as "my-${other.name}".`))
  }
  return { about, problems, warnings }
}

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

function checkNotes(source: Source, guides: readonly Guide[]): Verdict {
  const notes = readNotes(source)
  const guide =
    notes.guide === undefined
      ? // Where the marks or the front matter are broken, that is the problem to fix first.
        (guideAsked(questionsBeside(notes), guides) ?? (notes.problems.length > 0 ? guides[0] : undefined))
      : guides.find(({ id }) => id === notes.guide)
  const problems = [
    ...notes.problems,
    ...notes.doubtful,
    ...(guide ? [] : [inField('guide', source, noGuide(notes, guides))]),
    ...wayProblems(notes, guide),
  ]
  const about = guide
    ? `notes on ${guide.id}, ${count(guide.questions, notes.answers).answered} of ${guide.questions.length} questions answered`
    : 'notes'
  const strays = guide ? strayWarnings(notes, guide) : []
  return { about, problems: problems.map(atItsWords(source)), warnings: strays.map(atItsWords(source)) }
}

type Told = readonly [message: string, hint: string]

const noGuide = ({ guide }: Notes, guides: readonly Guide[]): Told =>
  guide === undefined
    ? [
        'these notes name no guide, and no guide here has their questions',
        'Write "guide: ID" between two lines "---" at the top of the file.',
      ]
    : guideNotHere(guide, guides)

function strayWarnings(notes: Notes, guide: Guide): Diagnostic[] {
  const unused = guide.questions.flatMap(({ id }) => (notes.spans.has(id) ? [] : [id]))
  return strayIds(notes, guide).map(id => ({
    line: notes.spans.get(id)?.line ?? 1,
    message: `the guide has no question "${id}"; its answer is kept, but not asked for`,
    hint: didYouMean(id, unused) || 'Delete it, or leave it.',
  }))
}

/** What the front matter says of how the notes are worked on, where no session could follow it. */
function wayProblems({ order, only = [], source }: Notes, guide: Guide | undefined): Diagnostic[] {
  const isOrder = order === undefined || ORDERS.some(each => each === order.toLowerCase())
  const unknown = guide ? only.filter(part => selected(guide, part).length === 0) : []
  return [
    ...(isOrder ? [] : [inField('order', source, noneOf('order', order, ORDERS))]),
    ...(guide ? unknown.map(part => inField('only', source, unknownPart(guide, part))) : []),
  ]
}

/** At the line that begins with a field of the front matter; at the first if none does. */
function inField(field: string, { text }: Source, [message, hint]: Told): Diagnostic {
  const at = text.indexOf(`\n${field}:`)
  return { line: text.slice(0, at + 1).split('\n').length, message, hint }
}

/** Where only a line is known, its first words are meant. */
function atItsWords({ text }: Source): (problem: Diagnostic) => Diagnostic {
  const lines = text.replace(/^\ufeff/, '').split('\n')
  return problem => ({ column: Math.max(0, (lines[problem.line - 1] ?? '').search(/\S/)) + 1, ...problem })
}
