import type { Diagnostic } from '../domain/errors.ts'
import type { Guide } from '../domain/guide.ts'
import type { PlanForm } from './plan.ts'
import type { Path } from './validation.ts'
import type { ProblemAt } from './yaml.ts'

/* Plans are copied and changed, and their texts then say what was so in the plan that they come from. */

interface Text {
  path: Path
  text: string
  /** The step that says it; none for the title. */
  step?: number
}

/** Warnings where a text speaks of minutes or a number of groups that the plan does not have, or of another guide. */
export function planWarnings(form: PlanForm, guides: readonly Guide[], warn: ProblemAt): Diagnostic[] {
  const texts = (name: 'say' | 'notes') =>
    form.steps.map((each, step): Text => ({ path: ['steps', step, name], text: each[name] ?? '', step }))
  const spoken = [{ path: ['title'], text: form.title }, ...texts('say')]
  return [
    ...spoken.flatMap(text => [...wrongMinutes(text, form, warn), ...wrongGroups(text, form, warn)]),
    ...[...spoken, ...texts('notes')].flatMap(text => otherGuides(text, form, guides, warn)),
  ]
}

function wrongMinutes({ path, text, step }: Text, { steps, minutes }: PlanForm, warn: ProblemAt) {
  return mentioned(MINUTES, text).flatMap(({ words, number, unit }) => {
    const said = unit === 'hour' ? number * 60 : number
    if (said === minutes || (step !== undefined && spans(steps, step, said))) return []
    const here = step === undefined ? '' : `, this step ${steps[step]?.minutes}`
    const hint = `The plan takes ${minutes} minutes${here}. Correct the text, or write {minutes}.`
    return [warn(path, `"${words}" does not fit this plan`, hint, words)]
  })
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
  return (
    said <= (steps[at]?.minutes ?? 0) || isSum(steps.slice(at)) || isSum(steps.slice(0, at + 1).reverse())
  )
}

function wrongGroups({ path, text }: Text, { groups = [] }: PlanForm, warn: ProblemAt): Diagnostic[] {
  return mentioned(GROUPS, text)
    .filter(({ number }) => number !== groups.length)
    .map(({ words }) => {
      const hint = `The plan lists ${groups.length} groups. Correct the text, or write {groups}.`
      return warn(path, `"${words}" does not fit this plan`, hint, words)
    })
}

function otherGuides({ path, text }: Text, form: PlanForm, guides: readonly Guide[], warn: ProblemAt) {
  const own = guides.find(({ id }) => id === form.guide)
  const names = guides.flatMap(({ title, standard }) => [title, standard])
  const name = names.find(each => !own?.title.includes(each) && each !== own?.standard && hasWord(text, each))
  if (name === undefined) return []
  const message = `"${name}" is the name of ${own ? 'another guide' : 'a guide, but this plan suits any guide'}`
  return [warn(path, message, 'Leave it out, or in "say" write {guide} or {standard}.', name)]
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
