import {
  type ClockStatus,
  type Cut,
  clockStatus,
  type FacilitationState,
  isClosed,
  nextStep,
  type Room,
} from '../domain/facilitation.ts'

import { type Question, whereIs } from '../domain/guide.ts'
import {
  type Group,
  inMinutes,
  onStopwatch,
  type Plan,
  questionsAsked,
  type ShownStep,
  type Step,
} from '../domain/plan.ts'
import { jotCount, sentence } from './messages.ts'
import type { FacilitationServices, GroupSummary } from './session-port.ts'

/* What a facilitator is told in words, sentence by sentence. What the room may hear is said from a ShownStep alone. */

export const HELP = `:next       on to the next step
:back       to the step before
:pause      the clock stands still; :pause again lets it go on
:more       one minute more for this step (:more 3 for three)
:short      short on time: the plan's cuts, spread the loss, or run over
:until 4:30pm  when the room has to end
:time       the time that is left, and whether you are behind
:capture    write down what a group says (:capture 2 for the second group)
:jots       a stopwatch and short notes while you watch
:notes      your notes for this step, its probes and its cut; everybody sees them who sees this window
:step       this step once more
:questions  the questions of this step, in full
:plan       all steps
:opening    materials, roles, norms and groups once more
:read       what the groups have given so far (:read 2 for the second group)
:share      the digest of all groups and the brief summary, as Word files
:anew       begin the plan anew
:help       this list
:quit       leave; the clock stands still until you come back
A line without a colon is taken as the beginning of what a group says, so nothing you type is lost.`

/** A title as a sentence of its own. */
const ended = (title: string) => (/[.?!…]$/.test(title) ? title : sentence(title))
const nameOf = ({ label, element }: Group) => (element ? `${label}, ${element.title}` : label)

export const LARGER = 'Make the letters larger: with Ctrl and plus, in most windows.'

/** `short`: what to press or to say when time is short. */
export function openingText(
  { plan, groups, leading }: Room,
  sitting: FacilitationServices,
  short: string,
): string[] {
  const { title, minutes, steps, materials, roles, norms } = plan
  const list = (name: string, items: readonly string[]) =>
    items.length > 0 ? [`${name}:`, ...items.map(item => `- ${item}`)] : []
  const now = sitting.clock()
  const { until } = leading
  const missing =
    until === undefined || leading.startedAt !== undefined ? 0 : minutes - (until - now) / 60_000
  return [
    sentence(title),
    [`${inMinutes(minutes)} in ${steps.length} steps.`, ...ending(leading, minutes, sitting)].join(' '),
    ...(missing > 0
      ? [
          `That is ${inMinutes(Math.ceil(missing))} too little. ${short}, once the clock runs, tells what can be left out.`,
        ]
      : []),
    ...list('Materials', materials),
    ...list('Roles', roles),
    ...list('Norms', norms),
    ...list('Groups', groups.map(nameOf)),
    LARGER,
    'Enter starts the clock. :help tells what else there is.',
  ]
}

function ending(
  { until, startedAt }: FacilitationState,
  minutes: number,
  sitting: FacilitationServices,
): string[] {
  if (until !== undefined) return [`The room has to end at ${sitting.timeOf(until)}.`]
  if (startedAt !== undefined) return []
  return [`It ends at ${sitting.timeOf(sitting.clock() + minutes * 60_000)} if it begins now.`]
}

/** Once the clock has been running, a session that comes back says where it is. */
export function returnText({ plan, leading }: Room): string {
  const where = `Step ${leading.at + 1} of ${plan.steps.length}`
  return leading.since === undefined
    ? `Going on at ${where.toLowerCase()}. The clock stands still; Enter lets it go on. :anew begins the plan anew.`
    : `Going on at ${where.toLowerCase()}. The clock ran on. :anew begins the plan anew.`
}

export function stepText(room: Room, now: number): string[] {
  const { plan, leading } = room
  const step: ShownStep | undefined = plan.steps[leading.at]
  if (!step) return ['That was the last step. :back leads to it.']
  const how = [
    inMinutes(Math.round(leading.steps[leading.at]?.allotted ?? step.minutes)),
    step.mode,
    step.protocol,
  ]
  return [
    `Step ${leading.at + 1} of ${plan.steps.length}: ${ended(step.title)} ${sentence(how.filter(part => part !== undefined).join(', '))}`,
    ...step.say,
    ...spokenAsked(room, step),
    `${timeText(room, now)} ${nextText(plan, leading)}`,
  ]
}

const FEW = 3

/** The questions themselves where they are few; else which group has how many. */
function spokenAsked(room: Room, step: ShownStep): string[] {
  const questions = askedOf(room, step)
  if (questions.length === 0) return []
  if (questions.length <= FEW) return questions.map(({ text }) => `Question: ${text}`)
  return [
    ...eachGroup(room, step).map(([name, of]) => `${name}: ${of.length} questions${partsOf(of)}.`),
    ':questions reads them.',
  ]
}

function partsOf(questions: readonly Question[]): string {
  const kinds = new Set(questions.map(({ kind }) => kind))
  if (kinds.size > 1) return ''
  return kinds.has('story') ? ' about the story' : kinds.has('comparison') ? ' about your PL system' : ''
}

/** Every question that some group is asked in a step. */
function askedOf({ groups }: Room, step: ShownStep): Question[] {
  const put = new Set(groups.length > 0 ? groups.flatMap(group => questionsAsked(step, group)) : step.ask)
  return step.ask.filter(question => put.has(question))
}

function eachGroup({ groups }: Room, step: ShownStep): [string, Question[]][] {
  if (groups.length === 0) return [['Everybody', step.ask]]
  return groups.map((group): [string, Question[]] => [nameOf(group), questionsAsked(step, group)])
}

export function questionsText(room: Room): string[] {
  const step = room.plan.steps[room.leading.at]
  if (!step || step.ask.length === 0) return ['This step asks no question.']
  return eachGroup(room, step).flatMap(([name, questions]) => [
    `${name}:`,
    ...questions.map(question => `${placeOf(room.plan, question)}${question.text}`),
  ])
}

function placeOf({ guide }: Plan, question: Question): string {
  return question.element ? `${whereIs(guide, question).parts.slice(1).join(', ')}: ` : ''
}

export function timeText({ leading }: Room, now: number): string {
  if (isClosed(leading)) return 'The clock is stopped.'
  const { left, running, behind } = clockStatus(leading, now)
  const step =
    left >= 0
      ? `${onStopwatch(begunSeconds(left))} left in this step.`
      : `This step is over by ${onStopwatch(-left)}.`
  return `${step} ${pace({ behind })}${running ? '' : ' The clock stands still.'}`
}

/** What is left counts the second that has begun: a step of 3 minutes begins at 3:00. */
export const begunSeconds = (minutes: number) => Math.ceil(minutes * 60 - 1e-6) / 60

/** `On time.`, `2 minutes behind.` */
export function pace({ behind }: Pick<ClockStatus, 'behind'>): string {
  const minutes = Math.round(Math.abs(behind))
  if (minutes === 0) return 'On time.'
  return `${inMinutes(minutes)} ${behind > 0 ? 'behind' : 'ahead'}.`
}

/** The next step that was not left out, with the minutes that it has now. */
export function nextText({ steps }: Plan, leading: FacilitationState): string {
  if (isClosed(leading)) return ''
  const at = nextStep(leading)
  const [step, led] = [steps[at], leading.steps[at]]
  return step && led
    ? `Next, ${inMinutes(Math.round(led.allotted))}: ${ended(step.title)}`
    : 'This is the last step.'
}

/** For the facilitator alone. */
export function notesText({ notes, probes, cut, minutes }: Step): string[] {
  const lines = [
    ...notes,
    ...(probes.length > 0 ? ['Probes:', ...probes.map(probe => `- ${probe}`)] : []),
    ...(cut === undefined
      ? []
      : [`When time is short: ${cut === 0 ? 'leave it out' : `${inMinutes(cut)} instead of ${minutes}`}.`]),
  ]
  return lines.length > 0 ? lines : ['There are no notes for this step.']
}

export function planText({ plan, leading }: Room, now: number): string[] {
  return plan.steps.map(({ title }, i) => {
    const step = leading.steps[i] ?? { allotted: 0, actual: 0 }
    const took = i === leading.at ? clockStatus(leading, now).spent : step.actual
    const passed = took === 0 && i < leading.at
    const time = passed
      ? 'passed over'
      : took > 0
        ? `${onStopwatch(took)} of ${inMinutes(Math.round(step.allotted))}`
        : inMinutes(Math.round(step.allotted))
    return `${i + 1} ${title}: ${time}${i === leading.at ? ', you are here' : ''}`
  })
}

export const SHARE = ':share makes the digest of all groups and the brief summary. :quit leaves.'

export function closeText(room: Room, now: number): string[] {
  return ['That was the last step. The clock is stopped.', ...planText(room, now)]
}

/** `Share-out 8 to 5`: what the plan's cuts would be. */
export function cutsText({ steps }: Plan, cuts: readonly Cut[]): string {
  return cuts
    .map(({ step, from, to }) =>
      to === 0
        ? `leave out ${steps[step]?.title}`
        : `${steps[step]?.title} ${Math.round(from)} to ${inMinutes(Math.round(to))}`,
    )
    .join(', ')
}

/** Where the room is, for whoever comes back from writing. */
export function backText(room: Room, now: number): string {
  const { plan, leading } = room
  return `Back in step ${leading.at + 1}, ${ended(plan.steps[leading.at]?.title ?? '')} ${timeText(room, now)}`
}

/** What each group gave, in one line a group. */
export function summaryText(given: readonly GroupSummary[]): string[] {
  return given.map(({ group, notesPath, answered, words, jots }) => {
    const parts = [
      `${answered} answered`,
      words === 1 ? '1 word' : `${words} words`,
      ...(jots > 0 ? [jotCount(jots)] : []),
    ]
    return `${group ? `${nameOf(group)}: ` : ''}${answered + jots === 0 ? 'nothing written yet' : `${parts.join(', ')}, in ${notesPath}`}.`
  })
}
