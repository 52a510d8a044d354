import { askedIn, clockStatus, isClosed, MINUTE, type Room, sayIn } from '../../domain/facilitation.ts'
import { whereIs } from '../../domain/guide.ts'
import { groupTitle, type ShownStep } from '../../domain/plan.ts'
import type { RoomView } from './page.ts'

/** What the room sees of a room that is led: made of a ShownStep, which has no place for a facilitator's text. */
export function roomView(room: Room, now: number): RoomView {
  const { plan, groups, leading, blank } = room
  const { left, running } = clockStatus(leading, now)
  const started = leading.startedAt !== undefined
  const step: ShownStep | undefined = started ? plan.steps[leading.at] : undefined
  const asked = step ? askedIn(room, step) : []
  const first = leading.at === 0
  return {
    title: plan.title,
    language: plan.guide.language,
    step: step ? `Step ${leading.at + 1} of ${plan.steps.length}: ${step.title}` : plan.title,
    say: step ? sayIn(room, step) : [],
    questions: asked.map(({ question, whom }) => {
      const label = whereIs(plan.guide, question).parts.join(' · ')
      return { groups: whom, label, text: question.text }
    }),
    groups: first ? groups.map(groupTitle) : [],
    norms: first ? plan.norms : [],
    clock: isClosed(leading) ? 'closed' : !started ? 'waiting' : running ? 'running' : 'paused',
    left: Math.round(left * MINUTE),
    blank,
  }
}
