import * as z from 'zod/mini'
import { type Diagnostic, didYouMean, problemsError, type Source } from '../domain/errors.ts'
import { type Guide, guideNotHere, paragraphs, select, selected, unknownPart } from '../domain/guide.ts'
import { type Group, MODES, nameOf, type Plan, type Step } from '../domain/plan.ts'
import { proposedId } from './guide.ts'
import { id, type Lenient, reference, soundParts, text } from './validation.ts'
import { type Examined, examineYaml, type ProblemAt, textUnder } from './yaml.ts'

const texts = z.optional(z.array(text))
const minutes = z.number().check(z.positive('should be more than nought\nWrite the minutes, such as 5.'))
const ask = z.union(
  [text, z.array(text)],
  'should be a part of the guide, or a list of them\nWrite ask: story, for example, or ask: [story, action].',
)

const stepShape = {
  id,
  title: z.optional(text),
  minutes,
  mode: z.optional(
    z.enum(MODES, {
      error: ({ input }) =>
        `should be one of: ${MODES.join(', ')}\n${didYouMean(String(input), MODES) || 'Without it, a step that asks is discuss, and any other read.'}`,
    }),
  ),
  protocol: z.optional(text),
  say: z.optional(text),
  notes: z.optional(text),
  ask: z.optional(ask),
  probes: texts,
  cut: z.optional(
    z
      .number()
      .check(z.nonnegative('cannot be less than nought\nWrite 0 to leave the step out when time is short.')),
  ),
}
const groupShape = { label: text, element: z.optional(text) }
const step = z.strictObject(stepShape)
const group = z.strictObject(groupShape)

/** The form of a walkthrough file. `guide/README.md` explains it to authors. */
export const planSchema = z.strictObject({
  title: text,
  guide: reference('the guide, which stands in it as "id:"'),
  minutes,
  materials: texts,
  roles: texts,
  norms: texts,
  groups: z.optional(z.array(group)),
  steps: z
    .array(step)
    .check(
      z.minLength(
        1,
        'should hold at least one step\nWrite a list below it, each step with "- id:" in front.',
      ),
    ),
})
type WalkthroughFile = z.infer<typeof planSchema>

/** The guide that a text says it is a plan for; undefined if it does not say. */
export const guideNamed = (source: Source): string | undefined => textUnder('guide', source)

export type ExaminedPlan = Pick<Examined<WalkthroughFile>, 'problems' | 'read'> & { plan?: Plan }

/** Reads a text that should be a plan for one of these guides. Never throws. */
export function examinePlan(source: Source, guides: readonly Guide[]): ExaminedPlan {
  const { read, problems, value } = examineYaml<WalkthroughFile>(source, {
    kind: 'walkthrough',
    schema: planSchema,
    further: (plain, problemAt) => planProblems(plain, problemAt, guides),
    proposed: proposedId,
  })
  const guide = guides.find(({ id }) => id === value?.guide)
  if (value && !guide) throw new Error('examineWalkthrough: a plan without a guide was found sound')
  return { read, problems, ...(value && guide && { plan: build(value, guide) }) }
}

/**
 * Reads a plan for one of these guides.
 * @throws UserError with every problem as file:line:column, if the text is no plan that could be led.
 */
export function parsePlan(source: Source, guides: readonly Guide[]): Plan {
  const { plan, problems } = examinePlan(source, guides)
  if (!plan) throw problemsError(problems, source)
  return plan
}

function build(file: WalkthroughFile, guide: Guide): Plan {
  return {
    title: file.title.trim(),
    guide,
    minutes: file.minutes,
    materials: file.materials ?? [],
    roles: file.roles ?? [],
    norms: file.norms ?? [],
    groups: (file.groups ?? []).map(each => buildGroup(each, guide)),
    steps: file.steps.map(each => buildStep(each, guide)),
  }
}

function buildGroup({ label, element }: z.infer<typeof group>, guide: Guide): Group {
  const found = guide.stories.elements.find(({ id }) => id === element?.toLowerCase())
  return { label: label.trim(), ...(found && { element: found }) }
}

function buildStep(file: z.infer<typeof step>, guide: Guide): Step {
  const questions = select(guide, selectorsOf(file.ask))
  return {
    id: file.id,
    title: file.title?.trim() ?? titled(file.id),
    minutes: file.minutes,
    mode: file.mode ?? (questions.length > 0 ? 'discuss' : 'read'),
    say: paragraphs(file.say),
    ask: questions,
    ...(file.protocol && { protocol: file.protocol.trim() }),
    notes: paragraphs(file.notes),
    probes: file.probes ?? [],
    ...(file.cut !== undefined && { cut: file.cut }),
  }
}

const selectorsOf = (ask: string | string[] = []) => [ask].flat()
const titled = (id: string) => id.charAt(0).toUpperCase() + id.slice(1).replace(/[._-]/g, ' ')

/** What a schema cannot say: ids, parts of the guide, and that the minutes add up. */
function planProblems(plain: unknown, problemAt: ProblemAt, guides: readonly Guide[]): Diagnostic[] {
  const plan = soundParts({ ...planSchema.def.shape, groups: list, steps: list }, plain)
  const guide = guides.find(each => each.id === plan.guide)
  const steps = (plan.steps ?? []).map(each => soundParts(stepShape, each))
  const groups = (plan.groups ?? []).map(each => soundParts(groupShape, each))
  return [
    ...(plan.guide !== undefined && !guide
      ? [problemAt(['guide'], ...guideNotHere(plan.guide, guides))]
      : []),
    ...twins(steps, problemAt),
    ...groups.flatMap((each, i) => groupProblems(each, groups.slice(0, i), ['groups', i], problemAt, guide)),
    ...steps.flatMap((each, i) => stepProblems(each, ['steps', i], problemAt, guide)),
    ...sumProblems(plan.minutes, steps, problemAt),
  ]
}

const list = z.array(z.unknown())
type SoundStep = Lenient<typeof stepShape>
type SoundGroup = Lenient<typeof groupShape>

function twins(steps: SoundStep[], problemAt: ProblemAt): Diagnostic[] {
  const seen = new Set<string>()
  return steps.flatMap(({ id }, i) => {
    if (id === undefined || !seen.has(id)) {
      seen.add(id ?? '')
      return []
    }
    return [
      problemAt(['steps', i, 'id'], `the step "${id}" stands twice`, 'Every step needs an id of its own.'),
    ]
  })
}

function groupProblems(
  { label, element }: SoundGroup,
  before: SoundGroup[],
  path: PropertyKey[],
  problemAt: ProblemAt,
  guide: Guide | undefined,
): Diagnostic[] {
  const problems: Diagnostic[] = []
  const elements = guide?.stories.elements.map(({ id }) => id) ?? []
  if (label !== undefined && before.some(other => other.label && nameOf(other.label) === nameOf(label)))
    problems.push(
      problemAt(
        [...path, 'label'],
        `a group called "${label}" stands twice`,
        'Each group has a notes file of its own, named after its label.',
      ),
    )
  if (guide && element !== undefined && !elements.includes(element.toLowerCase()))
    problems.push(
      problemAt(
        [...path, 'element'],
        `"${element}" is no element of this guide`,
        `Its elements: ${elements.join(', ')}.`,
      ),
    )
  return problems
}

function stepProblems(
  { ask, cut, minutes }: SoundStep,
  path: PropertyKey[],
  problemAt: ProblemAt,
  guide: Guide | undefined,
): Diagnostic[] {
  const problems: Diagnostic[] = []
  for (const [i, selector] of selectorsOf(ask).entries()) {
    if (!guide || selected(guide, selector).length > 0) continue
    const place = [...path, 'ask', ...(Array.isArray(ask) ? [i] : [])]
    const [message, hint] = unknownPart(guide, selector)
    const parts = selector.split(/[,\s]+/).filter(part => part !== '')
    const listed = parts.length > 1 && parts.every(part => selected(guide, part).length > 0)
    problems.push(problemAt(place, message, listed ? `Write a list: ask: [${parts.join(', ')}].` : hint))
  }
  if (cut !== undefined && minutes !== undefined && cut >= minutes)
    problems.push(
      problemAt(
        [...path, 'cut'],
        `a step of ${minutes} minutes cannot be cut to ${cut}`,
        'The cut is the minutes that the step has when time is short; 0 leaves it out.',
      ),
    )
  return problems
}

/** Told only where every step says its minutes: else the sum is nobody's fault yet. */
function sumProblems(total: number | undefined, steps: SoundStep[], problemAt: ProblemAt): Diagnostic[] {
  if (total === undefined || steps.length === 0 || steps.some(step => step.minutes === undefined)) return []
  const sum = steps.reduce((minutes, step) => minutes + (step.minutes ?? 0), 0)
  if (Math.abs(sum - total) < 1e-6) return []
  return [
    problemAt(
      ['minutes'],
      `the steps take ${+sum.toFixed(2)} minutes together, but the plan says ${total}`,
      `Write minutes: ${+sum.toFixed(2)}, or change the steps.`,
    ),
  ]
}
