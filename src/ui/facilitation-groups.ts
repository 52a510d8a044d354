import { sentenceOf } from '../domain/errors.ts'
import { type Capture, questionsFor, type Room } from '../domain/facilitation.ts'
import { assertApart, elementFor, fileOf, type Group, groupTitle } from '../domain/plan.ts'
import type { Asked, Effect } from './facilitation-effects.ts'
import { type AtRoom, summaryText } from './facilitation-messages.ts'

/* What a facilitator can do about groups: capture what one says, read it, move it; add, rename and remove groups. */

export function groups({ room }: AtRoom): Effect {
  const added = (label: string) => {
    return regrouped([...room.groups, { label, ...elementFor(room.plan.groups, room.groups) }])
  }
  return {
    ask: 'Groups',
    choices: [
      ...room.groups.map(group => ({ name: groupTitle(group), value: changing(room, group) })),
      { name: 'add a group', value: { line: 'Name of the new group', next: added }, key: 'a' },
    ],
  }
}

function changing({ plan, groups }: Room, group: Group): Asked {
  const put = (...change: Group[]) => regrouped(groups.flatMap(each => (each === group ? change : [each])))
  const renamed = (label: string) => put({ ...group, label, file: fileOf(group) })
  const others = plan.guide.stories.elements.filter(element => element !== group.element)
  return {
    ask: groupTitle(group),
    choices: [
      { name: 'rename', value: { line: `New name for ${group.label}`, next: renamed } },
      ...others.map(element => ({ name: `give it ${element.title}`, value: put({ ...group, element }) })),
      {
        name: 'remove',
        value: {
          ask: `Remove ${group.label}? Its notes file stays, but the digest made here leaves it out.`,
          choices: [
            { name: 'keep it', value: undefined },
            { name: 'remove it', value: put() },
          ],
        },
      },
    ],
  }
}

function regrouped(groups: readonly Group[]): Effect {
  try {
    assertApart(groups)
    return { move: { groups }, say: 'The groups are changed.' }
  } catch (error) {
    return { say: sentenceOf(error) }
  }
}

/** A group by its number or its name. */
const groupCalled = ({ groups }: Room, word: string) =>
  groups[Number(word) - 1] ?? groups.find(({ label }) => label.toLowerCase() === word.toLowerCase())

export function capture({ room }: AtRoom, argument: string): Effect {
  return whichGroup(room, argument, 'Which group?', group => captureFor(room, group))
}

/** Asks which group is meant, unless the words say it. */
function whichGroup(room: Room, word: string, ask: string, effect: (group?: Group) => Effect): Effect {
  const { groups } = room
  const named = word === '' ? undefined : groupCalled(room, word)
  if (named || groups.length < 2) return effect(named ?? groups[0])
  return {
    ask: word === '' ? ask : `There is no group "${word}". ${ask}`,
    choices: groups.map(each => ({ name: markedName(room, each), value: effect(each) })),
  }
}

/** A check mark for the groups that were captured for in this step. */
const markedName = ({ captured }: Room, { label }: Group) => (captured.includes(label) ? `${label} ✓` : label)

function captureFor(room: Room, group: Group | undefined): Effect {
  return whichQuestion(room, group, question => ({ capture: { group, question } }))
}

function whichQuestion(room: Room, group: Group | undefined, effect: (question: string) => Effect): Effect {
  const [first, ...rest] = questionsFor(room, group).map(({ id, text }) => {
    return { name: `${id}: ${text}`, value: effect(id) }
  })
  if (!first) return { say: 'The plan asks this group nothing.' }
  return rest.length === 0 ? first.value : { ask: 'Which question?', choices: [first, ...rest] }
}

/** What comes after a capture: the next group, by Enter. */
export function nextCapture(at: AtRoom, { group }: Capture): Asked {
  const { groups, captured } = at.room
  const place = groups.findIndex(({ label }) => label === group?.label)
  const inTurn = [...groups.slice(place + 1), ...groups.slice(0, place)]
  const next = inTurn.find(({ label }) => !captured.includes(label))
  const choices = groups.map(each => ({ name: markedName(at.room, each), value: captureFor(at.room, each) }))
  return {
    ask: `Back from ${group?.label ?? 'writing'}. Which group next?`,
    choices: [
      ...choices,
      { name: 'move this answer to another group', value: transfer(at, '') },
      { name: 'back to the room', value: undefined },
    ],
    first: next && choices[groups.indexOf(next)]?.value,
  }
}

export function transfer({ room, last }: AtRoom, argument: string): Effect {
  if (!last) return { say: 'Nothing was captured yet.' }
  return whichGroup(room, argument, 'Move it to which group?', group => {
    const moving = (question: string): Effect => {
      return { move: { transfer: { group, question } }, say: `Moved to ${group?.label ?? 'that question'}.` }
    }
    const same =
      group?.label !== last.group?.label && questionsFor(room, group).some(({ id }) => id === last.question)
    return same ? moving(last.question) : whichQuestion(room, group, moving)
  })
}

export function read({ room, services, typed }: AtRoom, argument: string): Effect {
  const all: Effect = { tell: async () => summaryText(await services.given()) }
  if (typed && argument === '' && room.groups.length > 1) return all
  return whichGroup(room, argument, 'Which group?', group => ({
    tell: async () => [await services.read(group)],
  }))
}
