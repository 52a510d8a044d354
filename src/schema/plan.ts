import * as z from 'zod/mini'
import { didYouMean, problemsError, type Source } from '../domain/errors.ts'
import {
  capitalized,
  elementNamed,
  type Guide,
  guideNotHere,
  KINDS,
  select,
  selected,
  unknownPart,
} from '../domain/guide.ts'
import {
  type Group,
  MODES,
  PLACEHOLDERS,
  type Plan,
  PREVIOUS_ACTIONS,
  previousActions,
  type Step,
  tooAlike,
} from '../domain/plan.ts'
import { oneLine, paragraphs } from './build-guide.ts'
import { id, proposedId, reference, reportRepeatedIds, text } from './guide.ts'
import { type Lenient, type Path, soundParts } from './validation.ts'
import { examineYaml, gathered, type ProblemAt, type Report, textUnder } from './yaml.ts'

const texts = z.optional(z.array(text))
const minutes = z.number().check(z.positive('should be more than 0\nWrite the minutes, such as 5.'))
const ask = z.union(
  [text, z.array(text)],
  'should be a part of the guide, or a list of parts\nFor example: ask: story, or ask: [story, action].',
)
const modeRemedy = (input: unknown) =>
  didYouMean(String(input), MODES) ||
  'If it is left out: discuss for a step that asks something, read for any other.'

const stepShape = {
  id,
  title: z.optional(text),
  minutes,
  mode: z.optional(
    z.enum(MODES, { error: ({ input }) => `should be one of: ${MODES.join(', ')}\n${modeRemedy(input)}` }),
  ),
  protocol: z.optional(text),
  say: z.optional(text),
  notes: z.optional(text),
  ask: z.optional(ask),
  probes: texts,
  cut: z.optional(
    z.number().check(z.nonnegative('cannot be less than 0\nWrite 0 to drop the step when time is short.')),
  ),
}
const elementName = z.union(
  [text, z.number()],
  'should be an element of the guide\nWrite its id, or its place, such as 2.',
)
const groupShape = { label: text, element: z.optional(elementName) }
const step = z.strictObject(stepShape)
const NO_STEP = 'should have at least one step\nWrite a list below it, each step starting with "- id:".'
const group = z.strictObject(groupShape)

/** The form of a walkthrough file. `guide/README.md` explains it to authors. */
export const planSchema = z.strictObject({
  title: text,
  guide: z.optional(reference('the guide, which is its "id:"')),
  minutes,
  materials: texts,
  roles: texts,
  norms: texts,
  groups: z.optional(z.array(group)),
  steps: z.array(step).check(z.minLength(1, NO_STEP)),
})
export type PlanForm = z.infer<typeof planSchema>

/** The guide that a text says it is a plan for; undefined if it does not say. */
export const guideNamed = (source: Source): string | undefined => textUnder('guide', source)

/** Reads a text that should be a plan for one of these guides, the first if it names none. Never throws. */
export function examinePlan(source: Source, guides: readonly Guide[]) {
  const { value: form, ...rest } = examineYaml(source, {
    ...{ kind: 'walkthrough', schema: planSchema, proposed: proposedId },
    further: (plain, { problemAt }) => gathered(problemAt, report => reportPlan(plain, report, guides)),
  })
  const guide = guideOf(form?.guide, guides)
  return { ...rest, form, plan: form && guide && build(form, guide) }
}

/** A plan that names no guide suits any of them. */
const guideOf = (named: string | undefined, guides: readonly Guide[]) =>
  named === undefined ? guides[0] : guides.find(({ id }) => id === named)

/**
 * Reads a plan for one of these guides.
 * @throws UserError with every problem as file:line:column, if the text is not a plan that could be led.
 */
export function parsePlan(source: Source, guides: readonly Guide[]): Plan {
  const { plan, problems } = examinePlan(source, guides)
  if (!plan) throw problemsError(problems, source)
  return plan
}

function build(file: PlanForm, guide: Guide): Plan {
  const { title, minutes, materials = [], roles = [], norms = [], groups = [], steps } = file
  return {
    ...{ title: oneLine(title), guide, minutes, materials, roles, norms },
    groups: groups.map(each => buildGroup(each, guide)),
    steps: steps.map(each => buildStep(each, guide)),
  }
}

function buildGroup({ label, element }: z.infer<typeof group>, guide: Guide): Group {
  const found = element === undefined ? undefined : elementNamed(guide, String(element))
  return { label: oneLine(label), ...(found && { element: found }) }
}

function buildStep(file: z.infer<typeof step>, guide: Guide): Step {
  const asked = [file.ask ?? []].flat().map(each => selectorOf(each, guide))
  const known = asked.filter(each => selected(guide, each).length > 0)
  return {
    id: file.id,
    title: oneLine(file.title ?? capitalized(file.id.replace(/[._-]/g, ' '))),
    minutes: file.minutes,
    mode: file.mode ?? (asked.length > 0 ? 'discuss' : 'read'),
    say: paragraphs(file.say),
    ask: [...(asked.includes(PREVIOUS_ACTIONS) ? [previousActions(guide)] : []), ...select(guide, known)],
    ...(file.protocol && { protocol: file.protocol.trim() }),
    notes: paragraphs(file.notes),
    probes: file.probes ?? [],
    ...(file.cut !== undefined && { cut: file.cut }),
  }
}

/** What is asked, as SELECTOR: `element 2.story` is the story of the second element, whatever its id. */
function selectorOf(asked: string, guide: Guide): string {
  const word = asked.trim().toLowerCase()
  return word.replace(/^element (\d+)(?=\.|$)/, (whole, place) => elementNamed(guide, place)?.id ?? whole)
}

/** What a schema cannot say: ids, parts of the guide, words to fill in, and that the minutes add up. */
function reportPlan(plain: unknown, report: Report, guides: readonly Guide[]): void {
  const plan = soundParts({ ...planSchema.def.shape, groups: list, steps: list }, plain)
  const { guide: named, minutes } = plan
  const guide = guideOf(named, guides)
  const steps = (plan.steps ?? []).map(each => soundParts(stepShape, each))
  const groups = (plan.groups ?? []).map(each => soundParts(groupShape, each))
  if (named !== undefined && !guide) report(['guide'], ...guideNotHere(named, guides))
  const stated = steps.map(({ id = '' }, i) => ({ id, path: ['steps', i] }))
  reportRepeatedIds(stated, report)
  reportGroups(groups, report, guide)
  for (const [i, each] of steps.entries()) reportStep(each, ['steps', i], report, guide, named === undefined)
  // Reported only where every step says its minutes: else the sum is nobody's fault yet.
  if (minutes === undefined || steps.length === 0 || steps.some(step => step.minutes === undefined)) return
  const sum = +steps.reduce((sum, step) => sum + (step.minutes ?? 0), 0).toFixed(2)
  const message = `the steps add up to ${sum} minutes, but the plan says ${minutes}`
  if (Math.abs(sum - minutes) >= 1e-6)
    report(['minutes'], message, `Write minutes: ${sum}, or change the steps.`)
}

const list = z.array(z.unknown())

function reportGroups(groups: readonly Lenient<typeof groupShape>[], report: Report, guide?: Guide): void {
  const before: Group[] = []
  for (const [i, { label, element }] of groups.entries()) {
    if (label !== undefined) {
      const group = { label: oneLine(label) }
      const hint = 'Each group has its own notes file, named after its label.'
      const problem = tooAlike(group, before)
      if (problem) report(['groups', i, 'label'], problem, hint)
      before.push(group)
    }
    if (!guide || element === undefined || elementNamed(guide, String(element))) continue
    const ids = guide.stories.elements.map(({ id }) => id)
    const message = `this guide has no element "${element}"`
    report(['groups', i, 'element'], message, `Its elements: ${ids.join(', ')}.`)
  }
}

function reportStep(
  { ask = [], cut, minutes, say = '' }: Lenient<typeof stepShape>,
  path: Path,
  report: Report,
  guide: Guide | undefined,
  anyGuide: boolean,
): void {
  for (const [word, hint] of unknownWords(say))
    report([...path, 'say'], `a plan cannot fill in "${word}"`, hint, word)
  for (const [i, selector] of [ask].flat().entries()) {
    // A guide may have no warmup, or no comparison: a plan for any guide then asks less.
    if (!guide || isPart(guide, selector) || (anyGuide && KINDS.some(kind => kind === selector))) continue
    const place = [...path, 'ask', ...(Array.isArray(ask) ? [i] : [])]
    const [message, hint] = unknownPart(guide, selector, [PREVIOUS_ACTIONS])
    const parts = selector.split(/[,\s]+/).filter(part => part !== '')
    const listed = parts.length > 1 && parts.every(part => isPart(guide, part))
    report(place, message, listed ? `Write a list: ask: [${parts.join(', ')}].` : hint)
  }
  if (cut === undefined || minutes === undefined || cut < minutes) return
  const hint = 'A cut is the minutes the step gets when time is short; 0 drops it.'
  report([...path, 'cut'], `a step of ${minutes} minutes cannot be cut to ${cut}`, hint)
}

function isPart(guide: Guide, asked: string): boolean {
  const selector = selectorOf(asked, guide)
  return selector === PREVIOUS_ACTIONS || selected(guide, selector).length > 0
}

/** Each other word in braces, with a remedy. */
function unknownWords(say: string): [word: string, remedy: string][] {
  const found = new Set([...say.matchAll(/\{\s*[\p{L}_][\p{L}\p{N}_-]*\s*\}/gu)].map(([whole]) => whole))
  const all = PLACEHOLDERS.map(word => `{${word}}`)
  for (const word of all) found.delete(word)
  return [...found].map(word => [word, didYouMean(word, all) || `Words: ${all.join(', ')}.`])
}

/* Plans are copied and changed, and their texts then say what was so in the plan that they come from. */

interface Text {
  path: Path
  text: string
  /** The step that says it; none for the title. */
  step?: number
}

/** Warnings where a text speaks of minutes or a number of groups that the plan does not have, or of another guide. */
export const planWarnings = (form: PlanForm, guides: readonly Guide[], problemAt: ProblemAt) =>
  gathered(problemAt, warn => {
    const texts = (name: 'say' | 'notes') =>
      form.steps.map((each, step): Text => ({ path: ['steps', step, name], text: each[name] ?? '', step }))
    const spoken = [{ path: ['title'], text: form.title }, ...texts('say')]
    for (const text of spoken) {
      warnOfMinutes(text, form, warn)
      warnOfGroups(text, form, warn)
    }
    for (const text of [...spoken, ...texts('notes')]) warnOfGuides(text, form, guides, warn)
    for (const text of textsIn(form)) warnOfBlanks(text, warn)
  })

/** Every text of a plan. */
function textsIn(part: unknown, path: Path = []): Text[] {
  if (typeof part === 'string') return [{ path, text: part }]
  if (typeof part !== 'object' || part === null) return []
  const isList = Array.isArray(part)
  return Object.entries(part).flatMap(([key, inner]) => textsIn(inner, [...path, isList ? Number(key) : key]))
}

function warnOfBlanks({ path, text }: Text, warn: Report): void {
  const blank = PLACEHOLDERS.map(word => `{${word}}`).find(word => text.includes(word))
  const message = `"${blank}" is filled in only in "say"`
  if (blank && path.at(-1) !== 'say') warn(path, message, 'Write out what it stands for.', blank)
}

function warnOfMinutes({ path, text, step }: Text, { steps, minutes }: PlanForm, warn: Report): void {
  for (const { words, number, unit } of mentioned(MINUTES, text)) {
    const said = unit === 'hour' ? number * 60 : number
    if (said === minutes || (step !== undefined && spans(steps, step, said))) continue
    const here = step === undefined ? '' : `, this step ${steps[step]?.minutes}`
    const hint = `The plan takes ${minutes} minutes${here}. Correct the text, or write {minutes}.`
    warn(path, `"${words}" does not fit this plan`, hint, words)
  }
}

/** Whether a time lies within a step, or is that of steps in a row of which it is the first or the last. */
function spans(steps: PlanForm['steps'], at: number, said: number): boolean {
  const isSum = (list: PlanForm['steps']) => {
    let rest = said
    return list.some(({ minutes }) => {
      rest -= minutes
      return rest === 0
    })
  }
  const [before, after] = [steps.slice(0, at + 1), steps.slice(at)]
  return said <= (steps[at]?.minutes ?? 0) || isSum(after) || isSum(before.reverse())
}

function warnOfGroups({ path, text }: Text, { groups = [] }: PlanForm, warn: Report): void {
  const hint = `The plan lists ${groups.length} groups. Correct the text, or write {groups}.`
  for (const { words, number } of mentioned(GROUPS, text))
    if (number !== groups.length) warn(path, `"${words}" does not fit this plan`, hint, words)
}

function warnOfGuides({ path, text }: Text, form: PlanForm, guides: readonly Guide[], warn: Report): void {
  const own = guides.find(({ id }) => id === form.guide)
  const names = guides.flatMap(({ title, standard }) => [title, standard])
  const name = names.find(each => !own?.title.includes(each) && each !== own?.standard && hasWord(text, each))
  const message = `"${name}" is the name of ${own ? 'another guide' : 'a guide, but this plan suits any guide'}`
  if (name !== undefined) warn(path, message, 'Leave it out, or in "say" write {guide} or {standard}.', name)
}

function hasWord(text: string, word: string): boolean {
  const at = text.indexOf(word)
  return at >= 0 && !/\p{L}/u.test(`${text[at - 1] ?? ' '}${text[at + word.length] ?? ' '}`)
}

const NUMBER = '(half an|quarter of an|\\d+|[a-z]+(?:-[a-z]+)?)'
const MINUTES = new RegExp(`\\b${NUMBER}[\\s-]+(minute|hour)s?\\b`, 'gi')
const GROUPS = new RegExp(`\\b${NUMBER}[\\s-]+(group|table)s\\b`, 'gi')

function mentioned(pattern: RegExp, text: string): { words: string; number: number; unit: string }[] {
  return [...text.matchAll(pattern)].flatMap(([words, word = '', what = '']) => {
    const unit = what.toLowerCase()
    const number = numberOf(word.toLowerCase(), unit)
    return number === undefined ? [] : [{ words, number, unit }]
  })
}

const ONES = [
  ...['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'],
  ...['thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen'],
]
const TENS = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety']

/** Undefined for a word that is not a number. */
function numberOf(word: string, unit: string): number | undefined {
  if (/^\d/.test(word)) return Number(word)
  if (unit === 'hour' && /^(?:an|next|this)$/.test(word)) return 1
  if (unit === 'hour' && / an$/.test(word)) return word === 'half an' ? 0.5 : 0.25
  const [ten = '', one = ''] = word.split('-')
  if (TENS.includes(ten)) return (TENS.indexOf(ten) + 2) * 10 + ONES.indexOf(one) + 1
  return ONES.includes(word) ? ONES.indexOf(word) + 1 : undefined
}
