import fc from 'fast-check'
import { expect, test } from 'vitest'
import { daysLater, onStopwatch, saidLater, timeOfDay } from '../../src/domain/plan.ts'

const at = (word: string) => timeOfDay(word)

test.each([
  ['15:30', 930],
  ['3:30pm', 930],
  ['3:30 p.m.', 930],
  ['3 PM', 900],
  ['12am', 0],
  ['12:05 pm', 725],
  ['0:00', 0],
  ['8.45', 525],
])('%s is a time of day', (word, minutes) => {
  expect(at(word).minutes).toBe(minutes)
})

test.each(['25:00', '13pm', '0am', '3:60', 'noon', '', '15', '-1:00', '3:30xm'])('"%s" is none', word => {
  expect(() => at(word)).toThrow(/is not a time\. Write it like 3:30pm/)
})

test('times are said the way they were asked for, across noon and midnight', () => {
  expect(saidLater(at('11:50 am'), 15)).toBe('12:05 pm')
  expect(saidLater(at('11:50pm'), 15)).toBe('12:05 am')
  expect(saidLater(at('23:50'), 15)).toBe('00:05')
  expect(daysLater(at('23:50'), 9)).toBe(0)
  expect(daysLater(at('23:50'), 10)).toBe(1)
})

test('every time of day that is said can be read again', () => {
  fc.assert(
    fc.property(fc.nat(1439), fc.boolean(), fc.nat(5000), (minutes, twelve, later) => {
      const said = saidLater({ minutes, twelve }, later)
      expect(timeOfDay(said)).toEqual({ minutes: (minutes + later) % 1440, twelve })
    }),
  )
})

test('a stopwatch shows whole seconds', () => {
  expect(onStopwatch(3.2)).toBe('3:12')
  expect(onStopwatch(0)).toBe('0:00')
  expect(onStopwatch(-1.5)).toBe('-1:30')
  expect(onStopwatch(65)).toBe('65:00')
})
