import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/domain/errors.ts'
import type { Guide } from '../../src/domain/guide.ts'
import {
  chatLines,
  dealt,
  fileOf,
  filledIn,
  groupsNamed,
  questionsAsked,
  unasked,
} from '../../src/domain/plan.ts'
import { buildGuide } from '../../src/schema/build-guide.ts'
import { examinePlan, parsePlan, planWarnings } from '../../src/schema/plan.ts'
import { FOREIGN_GUIDE } from '../commands/own-guides.ts'
import { parseGuide } from '../support/guides.ts'
import { EQUITY, ROOT } from '../support/helpers.ts'

const plan = (text: string) => parsePlan({ name: 'my-hour.yaml', text }, [EQUITY])

function complaint(text: string): string {
  try {
    plan(text)
  } catch (error) {
    if (error instanceof UserError) return error.message
    throw error
  }
  return 'no complaint'
}

const SMALL = `title: A small hour
guide: ca-qpls-equity
minutes: 20
groups:
  - {label: Table 1, element: a}
  - {label: Table 2, element: B}
steps:
  - id: welcome
    minutes: 5
    say: Welcome.
    cut: 2
  - id: talk
    title: Let us talk
    minutes: 15
    mode: discuss
    protocol: think-pair-share
    ask: [story, action]
`

describe('the shipped plans', () => {
  const folder = join(ROOT, 'guide', 'walkthroughs')
  const shipped = readdirSync(folder).map(name => ({
    name,
    plan: parsePlan({ name, text: readFileSync(join(folder, name), 'utf8') }, [EQUITY]),
  }))

  test('are four, and take the time they are named after', () => {
    expect(shipped.map(({ name, plan }) => [name, plan.minutes])).toEqual([
      ['45.yaml', 45],
      ['60-jigsaw.yaml', 60],
      ['60.yaml', 60],
      ['90.yaml', 90],
    ])
  })

  test('ask every question of the guide, and leave time for the whole video', () => {
    for (const { plan } of shipped) {
      expect(unasked(plan)).toEqual([])
      expect(plan.steps.find(step => step.mode === 'watch')).toMatchObject({ minutes: 9, ask: [] })
    }
  })

  test('tell a first-time facilitator in each step what to say and what to watch for', () => {
    for (const { plan } of shipped)
      for (const step of plan.steps) {
        expect(step.say.length).toBeGreaterThan(0)
        expect(step.notes.length).toBeGreaterThan(0)
      }
  })
})

test('each group is asked the questions of its own element, and those that belong to none', () => {
  const { steps, groups } = plan(SMALL)
  const talk = steps[1]
  const ids = groups.map(group => (talk ? questionsAsked(talk, group).map(({ id }) => id) : []))
  expect(ids).toEqual([
    ['a.story.1', 'a.story.2', 'a.story.3', 'action'],
    ['b.story.1', 'b.story.2', 'b.story.3', 'action'],
  ])
})

test('a label or a title that a YAML block ends with a line end is one line', () => {
  const said = plan(
    SMALL.replace('{label: Table 1, element: a}', 'label: |\n      Table\n      1\n    element: a').replace(
      'title: Let us talk',
      'title: |\n      Let us\n      talk',
    ),
  )
  expect([said.groups[0]?.label, said.steps[1]?.title]).toEqual(['Table 1', 'Let us talk'])
})

test('a step without a title is called by its id', () => {
  expect(plan(SMALL).steps.map(({ title }) => title)).toEqual(['Welcome', 'Let us talk'])
})

test('questions that no group is asked are known', () => {
  const open = unasked(plan(SMALL)).map(({ id }) => id)
  expect(open).toContain('c.story.1')
  expect(open).toContain('warmup')
  expect(open).not.toContain('b.story.3')
})

describe('groups named on the command line', () => {
  const labels = (names: string[]) =>
    groupsNamed(plan(SMALL), names).map(({ label, element }) => [label, element?.id])

  test('keep the element of the group they are named after', () => {
    expect(labels(['table 2', 'Guests'])).toEqual([
      ['table 2', 'b'],
      ['Guests', 'a'],
    ])
  })

  test('take the elements in turn where there are more of them', () => {
    expect(labels(['Red', 'Blue', 'Green'])).toEqual([
      ['Red', 'a'],
      ['Blue', 'b'],
      ['Green', 'a'],
    ])
  })

  test('must lead to notes files of their own', () => {
    expect(() => labels(['Table 1', 'table-1'])).toThrow(/would be hard to tell apart/)
    const [long] = groupsNamed(plan(SMALL), ['第一桌 '.repeat(90)])
    expect(Buffer.byteLength(fileOf(long ?? { label: '' }))).toBeLessThan(220)
  })
})

test('a plan that could not be led is refused with every problem, each with a way out', () => {
  const text = SMALL.replace('minutes: 5', 'minutes: -5')
    .replace('[story, action]', '[a.stroy, action]')
    .replace('element: B', 'element: d')
    .replace('cut: 2', 'cuts: 2')
  const said = complaint(text)
  expect(said).toContain('my-hour.yaml:6:31: this guide has no element "d"')
  expect(said).toContain('my-hour.yaml:9:14: "steps[1].minutes" should be more than 0')
  expect(said).toMatch(/my-hour\.yaml:11:5: unknown field "cuts".*\n.*\n.*\n {2}Did you mean "cut"\?/)
  expect(said).toMatch(
    /my-hour\.yaml:17:11: "a\.stroy" is not a part of this guide\n.*\n.*\n {2}Did you mean "a\.story"\?/,
  )
})

describe('a plan that names no guide', () => {
  const other = parseGuide({ name: 'design.yaml', text: FOREIGN_GUIDE })
  const text = SMALL.replace('guide: ca-qpls-equity\n', '')
    .replace('element: a', 'element: 1')
    .replace('element: B', 'element: 3')
    .replace('[story, action]', '[element 2.story, previous-actions, action]')
    .replace(
      'Welcome.',
      'Welcome, all {groups} groups. We have {minutes} minutes for {standard}, with {guide}.',
    )

  test.each([
    ['the shipped guide', EQUITY, ['a', 'c'], ['b.story.1', 'b.story.2', 'b.story.3', 'action']],
    ['another', other, ['e1', 'e3'], ['e2.s', 'do']],
  ])('suits %s: elements by their place, earlier actions, words to fill in', (_, guide, elements, asked) => {
    const { groups, steps } = parsePlan({ name: 'any.yaml', text }, [guide])
    expect(groups.map(({ element }) => element?.id)).toEqual(elements)
    expect(steps.map(({ ask }) => ask.map(({ id }) => id))).toEqual([[], ['previous-actions', ...asked]])
    expect(steps[0]?.say.join()).toContain('{groups} groups')
  })

  test('is refused where a guide has fewer elements', () => {
    expect(complaint(text.replace('element: 3', 'element: 4'))).toContain('this guide has no element "4"')
    expect(complaint(text.replace('element 2', 'element 9'))).toContain(
      '"element 9.story" is not a part of this guide',
    )
  })
})

describe('a warning for what a plan says and does not have', () => {
  const warned = (say: string, text = SMALL) => {
    const { form, read } = examinePlan(
      { name: 'p.yaml', text: text.replace('say: Welcome.', `say: ${say}`) },
      [EQUITY],
    )
    return form && planWarnings(form, [EQUITY], read.problemAt).map(({ message }) => message)
  }

  test.each([
    'We have 20 minutes, and two minutes each.',
    'Talk for 5 minutes; the second step takes fifteen minutes. A half-hour break is no matter.',
    'We look at {standard} for {minutes} minutes in {groups} groups.',
    'Both of the two tables, and one table alone, need a minute.',
  ])('not for %s', say => {
    expect(warned(say.replace('; the second step takes fifteen minutes', ''))).toEqual([])
  })

  test.each([
    ['For the next hour we talk.', '"next hour" does not fit this plan'],
    ['Half an hour is short.', '"Half an hour" does not fit this plan'],
    ['In the next forty-five minutes we talk.', '"forty-five minutes" does not fit this plan'],
    ['All 12 tables report.', '"12 tables" does not fit this plan'],
  ])('%s', (say, message) => {
    expect(warned(say)).toEqual([message])
  })

  test('for a guide by its name where the plan suits any', () => {
    const any = SMALL.replace('guide: ca-qpls-equity\n', '')
    expect(warned('Look at the Equity standard.', any)).toEqual([
      '"Equity" is the name of a guide, but this plan suits any guide',
    ])
    expect(warned('Look at the Equity standard.')).toEqual([])
  })
})

describe('plans for any guide', () => {
  const elements = (count: number) =>
    buildGuide({
      ...{ id: 'xx-other', name: 'other', title: 'Other Stories', standard: 'Design' },
      source: { publisher: 'Us' },
      stories: {
        title: 'Stories',
        elements: Array.from({ length: count }, (_, i) => {
          const id = 'abcdefg'.charAt(i)
          return { id, title: `Element ${id}`, story: [{ id: `${id}.story.1`, text: 'What?' }] }
        }),
      },
    })
  const shipped = readFileSync(join(ROOT, 'guide', 'walkthroughs', '60.yaml'), 'utf8')
  const led = (guide: Guide) => dealt(parsePlan({ name: '60.yaml', text: shipped }, [guide]))

  test('have a table for each element, however many there are', () => {
    for (const count of [1, 2, 4, 7])
      expect(led(elements(count)).groups.map(({ label, element }) => `${label} ${element?.id}`)).toEqual(
        Array.from({ length: count }, (_, i) => `Table ${i + 1} ${'abcdefg'.charAt(i)}`),
      )
  })

  test('deal their elements to as many groups as are named, each as often as the others', () => {
    const plan = led(elements(4))
    const names = Array.from({ length: 12 }, (_, i) => `Table ${i + 1}`)
    const dealtTo = groupsNamed(plan, names).map(({ element }) => element?.id)
    expect(dealtTo.toSorted().join('')).toBe('aaabbbcccddd')
    expect(groupsNamed(plan, names.slice(0, 2)).map(({ element }) => element?.id)).toEqual(['a', 'b'])
  })

  test('say the room’s minutes and groups, and the guide’s name, in the words that stand there', () => {
    const plan = led(elements(4))
    expect(filledIn(['{minutes} of {groups}, {guide} ({standard})', '{other} $& {'], plan)).toEqual([
      '60 of 4, Other Stories (Design)',
      '{other} $& {',
    ])
    expect(shipped).not.toMatch(/equity/i)
  })
})

describe('lines of a chat', () => {
  test('lose their times and names, in the forms that chats are copied in', () => {
    const chat = [
      '10:02:33 From Kim Lee to Everyone:',
      '\tFirst, and',
      'more of it',
      '[10:03 AM] Ana: Second: why?',
      '10:04\t From  Bo : Third\u2028still third',
    ]
    expect(chatLines(chat.join('\n'))).toEqual([
      'First, and more of it',
      'Second: why?',
      'Third\u2028still third',
    ])
  })

  test('are none where a text does not begin as a chat does', () => {
    for (const text of ['We saw: charts', 'At 10:02 Kim said: yes', '', '10:02', '- 10:02 Kim: yes'])
      expect(chatLines(text)).toEqual([])
  })
})
