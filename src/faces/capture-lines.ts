import type { Question } from '../guide.ts'
import { type Capture, questionsFor, type Room } from '../lead.ts'
import type { Group } from '../walkthrough.ts'
import type { Talk } from './talk.ts'

type Choice<T> = { name: string; value: T }

/**
 * Asks for the group and the question that something is written down for; undefined if it shall not be. What was
 * said already (`text`) is said back then, so that it is not lost unseen.
 */
export async function captureInLines(
  talk: Talk,
  room: Room,
  argument: string,
  text: string,
): Promise<Capture | undefined> {
  const group = await chooseGroup(talk, room, argument)
  const question = group === 'none' ? undefined : await chooseQuestion(talk, room, group)
  if (group === 'none' || !question) {
    if (text !== '') talk.say(`Not kept: ${text}`)
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

async function chooseGroup(talk: Talk, room: Room, argument: string): Promise<Group | undefined | 'none'> {
  const { groups } = room
  const named = groupNamed(room, argument)
  if (named || groups.length < 2) return named ?? groups[0]
  talk.say(argument === '' ? 'For which group?' : `There is no group "${argument}". For which group?`)
  const choices = groups.map((group): Choice<Group | 'none'> => ({ name: group.label, value: group }))
  return (await talk.choose([...choices, { name: 'not now', value: 'none' }])) ?? 'none'
}

async function chooseQuestion(
  talk: Talk,
  room: Room,
  group: Group | undefined,
): Promise<Question | undefined> {
  const questions = questionsFor(room, group)
  if (questions.length < 2) return questions[0]
  talk.say('At which question?')
  const choices = questions.map(
    (each): Choice<Question | undefined> => ({ name: `${each.id}: ${each.text}`, value: each }),
  )
  return talk.choose([...choices, { name: 'not now', value: undefined }], '\n')
}
