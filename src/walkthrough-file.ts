import * as z from 'zod/mini'
import { didYouMean, type Problem, type Source, UserError } from './errors.ts'
import { type Guide, ID, select } from './guide.ts'
import { type Group, MODES, nameOf, type Step, type Walkthrough } from './walkthrough.ts'
import { type ProblemAt, parseYaml } from './yaml.ts'

const text = z.string().check(z.regex(/\S/, 'has no text'))
const texts = z.optional(z.array(text))
const id = z.string().check(z.regex(ID, 'should be small letters and digits, joined by . _ or -'))
const minutes = z.number().check(z.positive('should be more than nought'))
const ask = z.union(
  [text, z.array(text)],
  'should be a part of the guide, such as a.story, or a list of them',
)

const stepShape = {
  id,
  title: z.optional(text),
  minutes,
  mode: z.optional(z.enum(MODES, `should be one of: ${MODES.join(', ')}`)),
  protocol: z.optional(text),
  say: z.optional(text),
  notes: z.optional(text),
  ask: z.optional(ask),
  probes: texts,
  cut: z.optional(z.number().check(z.nonnegative('cannot be less than nought'))),
}
const groupShape = { label: text, element: z.optional(text) }
const step = z.strictObject(stepShape)
const group = z.strictObject(groupShape)

/** The form of a walkthrough file. `guide/README.md` explains it to authors. */
export const walkthroughSchema = z.strictObject({
  title: text,
  guide: id,
  minutes,
  materials: texts,
  roles: texts,
  norms: texts,
  groups: z.optional(z.array(group)),
  steps: z.array(step).check(z.minLength(1, 'should hold at least one step')),
})
type WalkthroughFile = z.infer<typeof walkthroughSchema>

/** The guide that a text says it is a plan for; undefined if it does not say. */
export function guideNamed({ text }: Source): string | undefined {
  return /^["']?guide["']?:[ \t]*["']?([^\s"'#]+)/m.exec(text)?.[1]
}

/**
 * Reads a plan for one of these guides.
 * @throws UserError with every problem as file:line:column, if the text is no plan that could be led.
 */
export function parseWalkthrough(source: Source, guides: readonly Guide[]): Walkthrough {
  const guide = guides.find(each => each.id === guideNamed(source))
  const { value } = parseYaml<WalkthroughFile>(source, walkthroughSchema, 'walkthrough', (plain, problemAt) =>
    planProblems(plain, problemAt, guides),
  )
  if (!guide) throw new Error('parseWalkthrough: a plan without a guide was found sound')
  return build(value, guide)
}

function build(file: WalkthroughFile, guide: Guide): Walkthrough {
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

/** In a folded YAML block a blank line leaves one line end: every line is a paragraph. */
function paragraphs(text = ''): string[] {
  return text
    .split(/\n+/)
    .map(part => part.trim())
    .filter(part => part !== '')
}

/** A part of a file that is read as far as it is sound: what is wrong with its form is told elsewhere. */
type Lenient<Shape> = { [Key in keyof Shape]?: z.infer<Shape[Key]> }

function soundParts<Shape extends Record<string, z.ZodMiniType>>(
  shape: Shape,
  plain: unknown,
): Lenient<Shape> {
  const found: Record<string, unknown> = {}
  for (const [key, schema] of Object.entries(shape)) {
    const result = z.safeParse(schema, (plain as Record<string, unknown> | null)?.[key])
    if (result.success) found[key] = result.data
  }
  return found as Lenient<Shape>
}

/** What a schema cannot say: ids, parts of the guide, and that the minutes add up. */
function planProblems(plain: unknown, problemAt: ProblemAt, guides: readonly Guide[]): Problem[] {
  const plan = soundParts({ ...walkthroughSchema.def.shape, groups: list, steps: list }, plain)
  const guide = guides.find(each => each.id === plan.guide)
  const steps = (plan.steps ?? []).map(each => soundParts(stepShape, each))
  const groups = (plan.groups ?? []).map(each => soundParts(groupShape, each))
  return [
    ...(plan.guide !== undefined && !guide ? [unknownGuide(plan.guide, problemAt, guides)] : []),
    ...twins(steps, problemAt),
    ...groups.flatMap((each, i) => groupProblems(each, groups.slice(0, i), ['groups', i], problemAt, guide)),
    ...steps.flatMap((each, i) => stepProblems(each, ['steps', i], problemAt, guide)),
    ...sumProblems(plan.minutes, steps, problemAt),
  ]
}

const list = z.array(z.unknown())
type SoundStep = Lenient<typeof stepShape>
type SoundGroup = Lenient<typeof groupShape>

function unknownGuide(id: string, problemAt: ProblemAt, guides: readonly Guide[]): Problem {
  const ids = guides.map(each => each.id)
  const remedy =
    didYouMean(id, ids) ||
    `Guides here: ${ids.join(', ')}. A guide of your own stands in a YAML file beside the plan, or is named with --guide.`
  return problemAt(['guide'], `there is no guide "${id}" here`, remedy)
}

function twins(steps: SoundStep[], problemAt: ProblemAt): Problem[] {
  const again = steps.flatMap(({ id }, i) =>
    id !== undefined && steps.slice(0, i).some(other => other.id === id) ? [{ id, i }] : [],
  )
  return again.map(({ id, i }) =>
    problemAt(['steps', i, 'id'], `the step "${id}" stands twice`, 'Every step needs an id of its own.'),
  )
}

function groupProblems(
  { label, element }: SoundGroup,
  before: SoundGroup[],
  path: PropertyKey[],
  problemAt: ProblemAt,
  guide: Guide | undefined,
): Problem[] {
  const problems: Problem[] = []
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
): Problem[] {
  const problems: Problem[] = []
  for (const [i, selector] of selectorsOf(ask).entries()) {
    const wrong = guide && unknownPart(guide, selector)
    if (wrong) problems.push(problemAt([...path, 'ask', ...(Array.isArray(ask) ? [i] : [])], wrong))
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

function unknownPart(guide: Guide, selector: string): string | undefined {
  try {
    select(guide, [selector])
    return undefined
  } catch (error) {
    if (error instanceof UserError) return error.message
    throw error
  }
}

/** Told only where every step says its minutes: else the sum is nobody's fault yet. */
function sumProblems(total: number | undefined, steps: SoundStep[], problemAt: ProblemAt): Problem[] {
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
