import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/domain/errors.ts'
import { groupsNamed, questionsAsked, unasked } from '../../src/domain/plan.ts'
import { parsePlan } from '../../src/schema/plan.ts'
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
      ['equity-45.yaml', 45],
      ['equity-60-jigsaw.yaml', 60],
      ['equity-60.yaml', 60],
      ['equity-90.yaml', 90],
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
    expect(() => labels(['Table 1', 'table-1'])).toThrow(/would share one notes file/)
  })
})

describe('a plan that could not be led', () => {
  test('is told of with every problem at once, each where it stands, and a way out', () => {
    const text = SMALL.replace('minutes: 5', 'minutes: -5')
      .replace('[story, action]', '[a.stroy, action]')
      .replace('element: B', 'element: d')
      .replace('cut: 2', 'cuts: 2')
    const said = complaint(text)
    expect(said).toContain('my-hour.yaml:6:31: "d" is no element of this guide')
    expect(said).toContain('my-hour.yaml:9:14: "steps[1].minutes" should be more than nought')
    expect(said).toContain('my-hour.yaml:11:5: "cuts" is not a word of a walkthrough')
    expect(said).toContain('Did you mean "cut"?')
    expect(said).toMatch(
      /my-hour\.yaml:17:11: "a\.stroy" is no part of this guide\n.*\n.*\n {2}Did you mean "a\.story"\?/,
    )
  })

  test.each([
    [
      'minutes that do not add up',
      SMALL.replace('minutes: 20', 'minutes: 30'),
      /my-hour\.yaml:3:10: the steps take 20 minutes together, but the plan says 30/,
    ],
    [
      'a missing time',
      SMALL.replace('    minutes: 5\n', ''),
      /my-hour\.yaml:\d+:\d+: "steps\[1\]\.minutes" is missing/,
    ],
    [
      'a cut that is longer than its step',
      SMALL.replace('cut: 2', 'cut: 6'),
      /my-hour\.yaml:11:10: a step of 5 minutes cannot be cut to 6/,
    ],
    ['a negative cut', SMALL.replace('cut: 2', 'cut: -1'), /"steps\[1\]\.cut" cannot be less than nought/],
    [
      'a step that stands twice',
      SMALL.replace('id: talk', 'id: welcome'),
      /my-hour\.yaml:12:9: the step "welcome" stands twice/,
    ],
    [
      'a group that stands twice',
      SMALL.replace('Table 2', 'table 1'),
      /a group called "table 1" stands twice/,
    ],
    [
      'an unknown mode',
      SMALL.replace('mode: discuss', 'mode: sing'),
      /"steps\[2\]\.mode" should be one of: read, write, watch, discuss/,
    ],
    [
      'another guide',
      SMALL.replace('ca-qpls-equity', 'ca-qpls-equty'),
      /my-hour\.yaml:2:8: there is no guide "ca-qpls-equty" here\n.*\n.*\n {2}Did you mean "ca-qpls-equity"\?/,
    ],
    [
      'no steps',
      'title: T\nguide: ca-qpls-equity\nminutes: 5\nsteps: []\n',
      /"steps" should hold at least one step/,
    ],
    ['nothing at all', '', /my-hour\.yaml:1:1: this walkthrough should be a map .*, but is empty/],
    ['a list', '- a\n', /should be a map/],
    [
      'a number for minutes that is none',
      SMALL.replace('minutes: 20', 'minutes: twenty'),
      /"minutes" should be a number, but is text/,
    ],
  ])('says so: %s', (_, text, wanted) => {
    expect(complaint(text)).toMatch(wanted)
  })
})
