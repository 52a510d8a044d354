import { sentenceOf } from '../domain/errors.ts'
import { type Capture, questionsFor, type Room } from '../domain/facilitation.ts'
import { partOf } from '../domain/guide.ts'
import { assertApart, elementFor, fileOf, type Group, groupTitle } from '../domain/plan.ts'
import { type Asked, choice, confirmed, type Effect, say, tell } from './facilitation-effects.ts'
import { type AtRoom, summaryText } from './facilitation-messages.ts'

/* What a facilitator can do about groups: capture what one says, read it, move it; add, rename and remove groups. */

export function groups({ room }: AtRoom): Effect {
  const added = (label: string) => {
    return regrouped([...room.groups, { label, ...elementFor(room.plan.groups, room.groups) }])
  }
  return {
    ask: 'Groups',
    choices: [
      ...room.groups.map(group => choice(groupTitle(group), changing(room, group))),
      { name: 'add a group', value: { line: 'Name of the new group', next: added }, key: 'a' },
    ],
  }
}

function changing({ plan, groups }: Room, group: Group): Asked {
  const put = (...change: Group[]) => regrouped(groups.flatMap(each => (each === group ? change : [each])))
  const renamed = (label: string) => put({ ...group, label, file: fileOf(group) })
  const others = plan.guide.stories.elements.filter(element => element !== group.element)
  const remove = `Remove ${group.label}? Its notes file stays, but the digest made here leaves it out.`
  return {
    ask: groupTitle(group),
    choices: [
      choice('rename', { line: `New name for ${group.label}`, next: renamed }),
      ...others.map(element => choice(`give it ${element.title}`, put({ ...group, element }))),
      choice('remove', confirmed(remove, 'keep it', 'remove it', put())),
    ],
  }
}

function regrouped(groups: readonly Group[]): Effect {
  try {
    assertApart(groups)
    return { move: { groups }, say: 'Groups changed.' }
  } catch (error) {
    return say(sentenceOf(error))
  }
}

export function capture({ room }: AtRoom, argument: string): Effect {
  return whichGroup(room, argument, 'Which group?', group => captureFor(room, group))
}

/** Asks which group is meant, unless the words say it by its number or its name. */
function whichGroup(room: Room, word: string, ask: string, effect: (group?: Group) => Effect): Effect {
  const { groups } = room
  const isNamed = ({ label }: Group) => label.toLowerCase() === word.toLowerCase()
  const named = groups[Number(word) - 1] ?? groups.find(isNamed)
  if (named || groups.length < 2) return effect(named ?? groups[0])
  return {
    ask: word === '' ? ask : `There is no group "${word}". ${ask}`,
    choices: groups.map(each => choice(markedName(room, each), effect(each))),
  }
}

/** A check mark for the groups that were captured for in this step. */
export const markedName = ({ captured }: Room, group: Group) =>
  captured.includes(fileOf(group)) ? `${group.label} ✓` : group.label

function captureFor(room: Room, group: Group | undefined): Effect {
  return whichQuestion(room, group, question => ({ capture: { group, question } }))
}

function whichQuestion(room: Room, group: Group | undefined, effect: (question: string) => Effect): Effect {
  const { guide } = room.plan
  const [first, ...rest] = questionsFor(room, group).map(question => {
    const [part, side] = partOf(guide, question)
    const place = side ? `${question.element?.id.toUpperCase()}, ${side} ${question.number}` : part
    return choice(`${place}: ${question.text}`, effect(question.id))
  })
  if (!first) return say('This plan has no questions for this group.')
  return rest.length === 0 ? first.value : { ask: 'Which question?', choices: [first, ...rest] }
}

/** What comes after a capture: the next group, by Enter. */
export function nextCapture(at: AtRoom, { group }: Capture): Asked {
  const { groups, captured } = at.room
  const place = groups.findIndex(({ label }) => label === group?.label)
  const inTurn = [...groups.slice(place + 1), ...groups.slice(0, place)]
  const next = inTurn.find(each => !captured.includes(fileOf(each)))
  const choices = groups.map(each => choice(markedName(at.room, each), captureFor(at.room, each)))
  return {
    ask: `Back from ${group?.label ?? 'writing'}. Which group next?`,
    choices: [
      ...choices,
      choice('move this answer to another group', moveTo(at, '')),
      choice('back to the room', undefined),
    ],
    first: next && choices[groups.indexOf(next)]?.value,
  }
}

export function moveTo({ room, last }: AtRoom, argument: string): Effect {
  if (!last) return say('Nothing was captured yet.')
  return whichGroup(room, argument, 'Move it to which group?', group => {
    const moving = (question: string): Effect => {
      return { move: { transfer: { group, question } }, say: `Moved to ${group?.label ?? 'that question'}.` }
    }
    const asked = questionsFor(room, group).some(({ id }) => id === last.question)
    const same = asked && group?.label !== last.group?.label
    return same ? moving(last.question) : whichQuestion(room, group, moving)
  })
}

export function read({ room, services, typed }: AtRoom, argument: string): Effect {
  const all = tell(async () => summaryText(await services.given()))
  if (typed && argument === '' && room.groups.length > 1) return all
  return whichGroup(room, argument, 'Which group?', group => tell(async () => [await services.read(group)]))
}
