import type { Guide, Question } from './guide.ts'
import { onStopwatch } from './time-of-day.ts'

/** One line written down while watching, `- [03:12] A2 uses survey data`, as it stands in the notes. */
export interface Jot {
  /** Without the dash: what is shown. */
  text: string
  /** The story question that its label names. A jot without a label is unsorted. */
  question?: Question
}

/** A stopwatch that can stand still. Like every clock here it is told the time (`now`, in milliseconds). */
export interface Stopwatch {
  /** Minutes, without the stretch that is running. */
  minutes: number
  since?: number | undefined
}

export function elapsed({ minutes, since }: Stopwatch, now: number): number {
  return minutes + (since === undefined ? 0 : Math.max(0, now - since) / 60_000)
}

export function toggled(stopwatch: Stopwatch, now: number): Stopwatch {
  const minutes = elapsed(stopwatch, now)
  return stopwatch.since === undefined ? { minutes, since: now } : { minutes }
}

/** The line of a jot. A label that names a story question of the guide, such as `a2`, is written large. */
export function jotLine(guide: Guide, minutes: number, said: string): string {
  const { label, text } = labelled(guide, said.trim().replace(/\s+/g, ' '))
  return `- [${onStopwatch(minutes).padStart(5, '0')}] ${label ? `${label.toUpperCase()} ` : ''}${text}`
}

export function jotsIn(guide: Guide, jots: string): Jot[] {
  const lines = jots.split('\n').filter(line => line.trim() !== '')
  return lines.map(line => {
    const text = line.trim().replace(/^[-*•]\s+/, '')
    const { question } = labelled(guide, text.replace(/^\[[\d:]+\]\s*/, ''))
    return { text, ...(question && { question }) }
  })
}

/** The jots that belong to a story question, its own before the unsorted, without those that its answer has taken in. */
export function jotsFor(question: Question, jots: readonly Jot[], answer: string): Jot[] {
  if (question.kind !== 'story') return []
  const open = jots.filter(jot => !answer.includes(jot.text))
  return [...open.filter(jot => jot.question === question), ...open.filter(jot => !jot.question)]
}

/** The element letter and number at the beginning of a jot: `a2 `, `A2: `. */
function labelled(guide: Guide, said: string): { label: string; text: string; question?: Question } {
  const [, label = '', text = ''] = /^([\p{L}\p{N}._-]+):?\s+(.*)$/su.exec(said) ?? []
  const question = guide.questions.find(
    ({ kind, element, number }) => kind === 'story' && `${element?.id}${number}` === label.toLowerCase(),
  )
  return question ? { label, text, question } : { label: '', text: said }
}
