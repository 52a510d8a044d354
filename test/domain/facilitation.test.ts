import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  back,
  clockStatus,
  cutsFor,
  extended,
  type FacilitationState,
  fitted,
  MINUTE,
  minutesAway,
  newState,
  next,
  paused,
  running,
  type Short,
  settled,
  shortened,
  withoutMinutes,
} from '../../src/domain/facilitation.ts'
import type { Plan } from '../../src/domain/plan.ts'
import { parsePlan } from '../../src/schema/plan.ts'
import { EQUITY } from '../support/helpers.ts'

const plan = (steps: string): Plan => {
  const minutes = [...steps.matchAll(/minutes: (\d+)/g)].reduce((sum, [, each]) => sum + Number(each), 0)
  const text = `title: T\nguide: ca-qpls-equity\nminutes: ${minutes}\nsteps:\n${steps}`
  return parsePlan({ name: 'plan.yaml', text }, [EQUITY])
}
const PLAN = plan(
  [
    '  - {id: welcome, minutes: 5, cut: 3}',
    '  - {id: video, minutes: 9, mode: watch}',
    '  - {id: talk, minutes: 12, cut: 8, ask: story}',
    '  - {id: extra, minutes: 6, cut: 0}',
    '  - {id: close, minutes: 3}',
  ].join('\n'),
)
const START = Date.UTC(2026, 10, 12, 23, 30)
const at = (minutes: number) => START + minutes * MINUTE
const begin = (until?: number) => running(newState(PLAN, until), START)
const round = (number: number) => +number.toFixed(4)
const behind = (session: FacilitationState, minutes: number) =>
  round(clockStatus(session, at(minutes)).behind)

describe('the clock', () => {
  test('stands still until it is started, and then tells what is left of the step', () => {
    expect(clockStatus(newState(PLAN), at(100))).toMatchObject({
      running: false,
      spent: 0,
      left: 5,
      behind: 0,
    })
    expect(clockStatus(begin(), at(2))).toMatchObject({
      running: true,
      spent: 2,
      left: 3,
      behind: 0,
      toCome: 33,
    })
  })

  test('counts only what runs over as behind, and only what was really gained as ahead', () => {
    expect(behind(begin(), 4)).toBe(0)
    expect(behind(begin(), 7)).toBe(2)
    expect(behind(next(begin(), at(3)), 3)).toBe(-2)
    expect(behind(next(begin(), at(3)), 14)).toBe(0)
  })

  test('does not count a pause, unless the room has to end at a time', () => {
    const lunch = running(paused(begin(), at(2)), at(42))
    expect(clockStatus(lunch, at(43))).toMatchObject({ spent: 3, left: 2, behind: 0 })
    const bound = running(paused(begin(at(35)), at(2)), at(12))
    expect(behind(bound, 13)).toBe(10)
  })

  test('goes back to a step with the time that it had', () => {
    const there = next(begin(), at(4))
    const again = back(there, at(6))
    expect(clockStatus(again, at(6))).toMatchObject({ spent: 4, left: 1 })
    expect(again.steps[1]?.actual).toBe(2)
    expect(back(again, at(7)).at).toBe(0)
  })

  test('gives an extended step the minutes from now on, and says what they cost', () => {
    const late = extended(begin(), at(7), 1)
    expect(clockStatus(late, at(7))).toMatchObject({ left: 1, behind: 3 })
    expect(round(clockStatus(extended(begin(), at(1), 1), at(1)).left)).toBe(5)
  })

  test('stops at the close, and runs again for whoever goes back', () => {
    let session = begin()
    for (const minute of [5, 14, 26, 32, 35]) session = next(session, at(minute))
    expect(clockStatus(session, at(99))).toMatchObject({ running: false, behind: 0, toCome: 0 })
    expect(session.steps.map(({ actual }) => actual)).toEqual([5, 9, 12, 6, 3])
    expect(clockStatus(back(session, at(40)), at(41))).toMatchObject({ running: true, spent: 4 })
  })

  test('knows how long nobody was there, and can take a break out again', () => {
    const session = settled(begin(), at(2))
    expect(minutesAway(session, at(44))).toBe(42)
    expect(clockStatus(withoutMinutes(session, 42), at(44)).spent).toBe(2)
    expect(minutesAway(paused(session, at(3)), at(90))).toBe(0)
  })
})

describe('short on time', () => {
  const late = next(begin(), at(8))

  test('the plan’s cuts are taken from here on, as many as are needed', () => {
    expect(behind(late, 8)).toBe(3)
    expect(cutsFor(late, PLAN, at(8))).toEqual([{ step: 2, from: 12, to: 8 }])
    expect(behind(shortened(late, PLAN, at(8), 'cut'), 8)).toBe(-1)
  })

  test('a step that is cut to nought is passed over, both ways', () => {
    const later = next(begin(), at(12))
    const cut = shortened(later, PLAN, at(12), 'cut')
    expect(cut.steps.map(step => step.allotted)).toEqual([5, 9, 8, 0, 3])
    const talk = next(cut, at(21))
    expect(next(talk, at(29)).at).toBe(4)
    expect(back(next(talk, at(29)), at(30)).at).toBe(2)
  })

  test('a step that has already taken more is cut to what it took', () => {
    const talk = next(next(begin(), at(5)), at(24))
    expect(cutsFor(talk, PLAN, at(34))[0]).toEqual({ step: 2, from: 12, to: 10 })
  })

  test('a loss that is spread leaves the video whole', () => {
    const spread = shortened(late, PLAN, at(8), 'spread')
    expect(behind(spread, 8)).toBe(0)
    expect(spread.steps.map(step => round(step.allotted))).toEqual([
      5,
      9,
      round(12 - 36 / 21),
      round(6 - 18 / 21),
      round(3 - 9 / 21),
    ])
  })

  test('a room that agrees to run over is on time again', () => {
    expect(behind(shortened(late, PLAN, at(8), 'over'), 8)).toBe(0)
  })
})

test('a session fits itself to a plan that was changed meanwhile', () => {
  const changed = plan(
    [
      '  - {id: welcome, minutes: 5, cut: 3}',
      '  - {id: norms, minutes: 2}',
      '  - {id: video, minutes: 10, mode: watch}',
      '  - {id: close, minutes: 3}',
    ].join('\n'),
  )
  const session = fitted(extended(next(begin(), at(4)), at(5), 1), changed)
  expect(session.at).toBe(2)
  expect(session.steps).toEqual([
    { id: 'welcome', planned: 5, allotted: 5, actual: 4 },
    { id: 'norms', planned: 2, allotted: 2, actual: 0 },
    { id: 'video', planned: 10, allotted: 10, actual: 0 },
    { id: 'close', planned: 3, allotted: 3, actual: 0 },
  ])
})

test('whatever is done in whatever order, no minute is lost or counted twice', () => {
  const act = fc.constantFrom('next', 'back', 'pause', 'go on', 'more', 'cut', 'spread', 'over')
  fc.assert(
    fc.property(fc.array(fc.tuple(act, fc.nat(500))), acts => {
      let session = begin()
      let now = START
      let ran = 0
      for (const [what, seconds] of acts) {
        if (session.since !== undefined) ran += seconds / 60
        now += seconds * 1000
        if (what === 'next') session = next(session, now)
        else if (what === 'back') session = back(session, now)
        else if (what === 'pause') session = paused(session, now)
        else if (what === 'go on') session = running(session, now)
        else if (what === 'more') session = extended(session, now, 1)
        else session = shortened(session, PLAN, now, what as Short)
      }
      const counted = settled(session, now).steps.reduce((sum, { actual }) => sum + actual, 0)
      expect(Math.abs(counted - ran)).toBeLessThan(1e-6)
      expect(session.steps.every(step => step.allotted >= 0)).toBe(true)
    }),
  )
})
