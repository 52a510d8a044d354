import { expect, test } from 'vitest'
import { actionsIn } from '../../src/domain/actions.ts'

const read = (text: string) => actionsIn(text).map(({ what, who, when, done }) => [what, who, when, done])

test('an action is what, and in parentheses who and by when', () => {
  expect(
    read(
      '- [ ] Share the survey (Ana, by 15 January)\n* [x] Call (Bo)\n1. Plan (by May)\n• Ask the board (Kim and Lu, due 3/4).',
    ),
  ).toEqual([
    ['Share the survey', 'Ana', '15 January', false],
    ['Call', 'Bo', '', true],
    ['Plan', '', 'May', false],
    ['Ask the board', 'Kim and Lu', '3/4', false],
  ])
})

test('without list items every line is an action; with them, lines that go on belong to the item above', () => {
  expect(read('Share it\n\nCall them')).toEqual([
    ['Share it', '', '', false],
    ['Call them', '', '', false],
  ])
  expect(read('- Share the survey\n  with every school (Ana)\n- Call')).toEqual([
    ['Share the survey with every school', 'Ana', '', false],
    ['Call', '', '', false],
  ])
})

test('a line of its own below a list is an action of its own', () => {
  expect(read('- [ ] Share the survey (Ana; 3/1)\nBook the room (Bo, 3/2)\n\nCall')).toEqual([
    ['Share the survey', 'Ana', '3/1', false],
    ['Book the room', 'Bo', '3/2', false],
    ['Call', '', '', false],
  ])
  expect(read('- Share the\nsurvey (Ana)')).toEqual([['Share the survey', 'Ana', '', false]])
})

test('parentheses in the middle are words', () => {
  expect(read('- Share (all of) the survey')).toEqual([['Share (all of) the survey', '', '', false]])
})
