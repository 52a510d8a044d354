import { type Capture, questionsFor, type Room } from '../../domain/facilitation.ts'
import type { Question } from '../../domain/guide.ts'
import type { Group } from '../../domain/plan.ts'
import type { LeadSitting } from '../lead-sitting.ts'
import type { Choice } from '../terminal/select.ts'
import type { Talk } from './prompter.ts'

/**
 * Asks for the group and the question that something is written down for; undefined if it shall not be. What was
 * said already (`before`), and whatever is said meanwhile, is held, and said back if it has no place in the end.
 */
export async function captureInLines(
  talk: Talk,
  sitting: Pick<LeadSitting, 'hold' | 'leaving'>,
  room: Room,
  { argument, before }: { argument: string; before: string },
): Promise<Capture | undefined> {
  let text = before
  const also = (line: string) => {
    text = text === '' ? line : `${text}\n${line}`
    sitting.hold(text)
    talk.say('That is kept with it.')
  }
  sitting.hold(text)
  const group = await chooseGroup(talk, room, argument, also)
  const question = group === 'none' ? undefined : await chooseQuestion(talk, room, group, also)
  if (group === 'none' || !question) {
    // Who is made to leave finds the words when they come back.
    if (sitting.leaving.aborted) return undefined
    if (text !== '') talk.say(`Not kept: ${text}`)
    sitting.hold('')
    return undefined
  }
  if (group) talk.say(`For ${group.label}:`)
  return { group, question: question.id, text }
}

/** A group by its number or its name. */
export function groupNamed({ groups }: Room, word: string): Group | undefined {
  if (word === '') return undefined
  return groups[Number(word) - 1] ?? groups.find(({ label }) => label.toLowerCase() === word.toLowerCase())
}

async function chooseGroup(
  talk: Talk,
  room: Room,
  argument: string,
  also: (line: string) => void,
): Promise<Group | undefined | 'none'> {
  const { groups } = room
  const named = groupNamed(room, argument)
  if (named || groups.length < 2) return named ?? groups[0]
  talk.say(argument === '' ? 'For which group?' : `There is no group "${argument}". For which group?`)
  const choices = groups.map((group): Choice<Group | 'none'> => ({ name: group.label, value: group }))
  return (await talk.choose([...choices, { name: 'not now', value: 'none' }], undefined, also)) ?? 'none'
}

async function chooseQuestion(
  talk: Talk,
  room: Room,
  group: Group | undefined,
  also: (line: string) => void,
): Promise<Question | undefined> {
  const questions = questionsFor(room, group)
  if (questions.length < 2) return questions[0]
  talk.say('At which question?')
  const choices = questions.map(
    (each): Choice<Question | undefined> => ({ name: `${each.id}: ${each.text}`, value: each }),
  )
  return talk.choose([...choices, { name: 'not now', value: undefined }], '\n', also)
}
