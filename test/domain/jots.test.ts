import { expect, test } from 'vitest'
import { elapsed, jotLine, jotsFor, jotsIn, toggled } from '../../src/domain/answers.ts'
import { EQUITY } from '../support/helpers.ts'

const question = (id: string) => {
  const found = EQUITY.questions.find(each => each.id === id)
  if (!found) throw new Error(id)
  return found
}

test('a jot is one line with the time of the stopwatch and, if it has one, its label', () => {
  expect(jotLine(EQUITY, 3.2, 'a2 uses survey data')).toBe('- [03:12] A2 uses survey data')
  expect(jotLine(EQUITY, 0, '  the  principal\tspeaks ')).toBe('- [00:00] the principal speaks')
  expect(jotLine(EQUITY, 61, 'B1: everyone')).toBe('- [61:00] B1 everyone')
})

test('a label that names no story question is text', () => {
  expect(jotLine(EQUITY, 1, 'a4 grade')).toBe('- [01:00] a4 grade')
  expect(jotLine(EQUITY, 1, 'a2')).toBe('- [01:00] a2')
})

test('a story question shows its own jots, then the unsorted ones, until its answer has them', () => {
  const jots = jotsIn(
    EQUITY,
    '- [00:10] coach\n- [03:12] A2 survey data\n- [04:00] B1 all staff\nby hand, a2 no',
  )
  const shown = (id: string, answer = '') => jotsFor(question(id), jots, answer).map(({ text }) => text)
  expect(shown('a.story.2')).toEqual(['[03:12] A2 survey data', '[00:10] coach', 'by hand, a2 no'])
  expect(shown('b.story.1')).toEqual(['[04:00] B1 all staff', '[00:10] coach', 'by hand, a2 no'])
  expect(shown('a.story.2', '- [03:12] A2 survey data')).not.toContain('[03:12] A2 survey data')
  expect(shown('a.comparison.2')).toEqual([])
})

test('the stopwatch can stand still and go on', () => {
  const started = toggled({ minutes: 0 }, 0)
  const still = toggled(started, 90_000)
  expect(elapsed(still, 500_000)).toBe(1.5)
  expect(elapsed(toggled(still, 500_000), 530_000)).toBe(2)
})
