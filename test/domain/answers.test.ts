import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { mergeVersions, wordCount } from '../../src/domain/answers.ts'
import { answersIn, draftsOf, emptyFolder, file, leaveDraft, plStories } from '../support/helpers.ts'
import { CTRL, openTerminal } from '../support/terminal.ts'

const TWO =
  'guide: ca-qpls-equity\nanswers:\n  warmup: Given\n  a.story.2: |-\n    Given\n    too\nskipped: [b.story.1]\n'

/** A folder with an answers file, and `start` with it and nobody there. */
function given(text = TWO) {
  const folder = emptyFolder()
  file(folder, 'answers.yaml', text)
  return {
    folder,
    take: (...more: string[]) =>
      plStories(['start', '--answers', 'answers.yaml', '--no-input', ...more], { folder }),
    answers: async () => JSON.parse((await plStories(['export', 'json'], { folder })).out),
  }
}

test('words are counted: bullets, boxes and dashes are none', () => {
  expect(wordCount('- [ ] Call families (Ana, Jan 15)\n1. Plan – and act')).toBe('8 words')
  expect(wordCount('- [ ] ')).toBe('0 words')
  expect(wordCount('Sí')).toBe('1 word')
})

describe('start --answers', () => {
  test('records a file in one go, says what it did, and leaves what is open open', async () => {
    const { folder, take, answers } = given()
    const { code, out, err } = await take()
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(/equity-notes\.md: created \(from answers\.yaml: 3 recorded\)\n/)
    expect(err).toContain('No questions were asked. 2 of 20 answered, 1 skipped, 17 open.')
    expect(await answers()).toMatchObject({
      answers: { warmup: 'Given', 'a.story.2': 'Given\ntoo' },
      skipped: ['b.story.1'],
    })
    expect(readdirSync(folder).sort()).toEqual(['answers.yaml', 'equity-notes.md'])
  })

  test('the second time changes not a byte', async () => {
    const { folder, take } = given()
    await take()
    const before = file(folder, 'equity-notes.md')
    const { err } = await take('--overwrite')
    expect(err).toContain('equity-notes.md: unchanged (from answers.yaml: 0 recorded, 3 already there)')
    expect(file(folder, 'equity-notes.md')).toBe(before)
  })

  test('keeps an answer that differs, says so, and replaces it when told to', async () => {
    const { folder, take } = given()
    await plStories(['answer', 'warmup', 'Mine'], { folder })
    await plStories(['answer', 'b.story.1', 'Mine, not skipped'], { folder })
    const { code, err } = await take()
    expect(code).toBe(1)
    expect(err).toContain('changed (from answers.yaml: 1 recorded, 2 different)')
    expect(err).toContain('Not changed: warmup, b.story.1 already have different answers. Add --overwrite')
    expect(await answersIn(folder)).toMatchObject({ warmup: 'Mine', 'b.story.1': 'Mine, not skipped' })
    expect((await take('--overwrite')).err).toContain(
      'changed (from answers.yaml: 2 recorded, 1 already there)',
    )
    expect((await answersIn(folder)).warmup).toBe('Given')
  })

  test('does nothing at all if anything is wrong', async () => {
    const { folder, take } = given(TWO.replace('a.story.2', 'a.stroy.2'))
    expect(await take()).toMatchObject({ code: 2, out: '' })
    expect(readdirSync(folder)).toEqual(['answers.yaml'])
  })

  test('takes answers through the pipe, and other notes', async () => {
    const { folder } = given()
    const piped = await plStories(['start', '--answers', '-', '--notes', 'one.md'], { folder, input: TWO })
    expect(piped).toMatchObject({ code: 1, out: '' })
    expect(piped.err).toContain('one.md: created (from the pipe: 3 recorded)')
    await plStories(['start', '--answers', 'one.md', '--notes', 'two.md', '--no-input'], { folder })
    expect(file(folder, 'two.md').replace('two.md', 'one.md')).toBe(file(folder, 'one.md'))
  })

  test('then asks in a pipe for what is open, from the first open question on, whatever was being typed before', async () => {
    const { folder } = given()
    await plStories(['answer', 'action', 'The last one'], { folder })
    leaveDraft(folder, 'c.story.1', 'half a sen')
    const input = 'First open\n.\nSecond open\n.\n'
    const { out } = await plStories(['start', '--answers', 'answers.yaml'], { folder, input })
    expect(out).toContain('Picking up at question 2.')
    expect(await answersIn(folder)).toEqual({
      warmup: 'Given',
      'a.story.1': 'First open',
      'a.story.2': 'Given\ntoo',
      'a.story.3': 'Second open',
      action: 'The last one',
    })
    expect(draftsOf(folder)).toMatchObject([{ text: 'half a sen' }])
  })

  test('asks a person only for what is still open, and says at the end what differs', async () => {
    const { folder } = given()
    await plStories(['answer', 'warmup', 'Mine'], { folder })
    await plStories(['answer', 'action', 'The last one'], { folder })
    const screen = openTerminal({ folder, args: ['start', '--answers', 'answers.yaml'] })
    await screen.shows('(2 of 20)')
    await screen.send(`From a person${CTRL('s')}`)
    await screen.shows('(4 of 20)')
    await screen.send(CTRL('c'))
    await screen.send(CTRL('c'))
    expect(await screen.ended).toBe(130)
    expect(await screen.history()).toContain('Not changed: warmup already has a different answer.')
    expect(await answersIn(folder)).toMatchObject({ warmup: 'Mine', 'a.story.1': 'From a person' })
  })

  test('asks a person nothing with --no-input, not even where to go on', async () => {
    const { folder } = given()
    await plStories(['start', '--notes', 'elsewhere.md'], { folder, input: 'Remembered\n.\n' })
    const screen = openTerminal({ folder, args: ['start', '--answers', 'answers.yaml', '--no-input'] })
    expect(await screen.ended).toBe(1)
    expect(await screen.history()).toContain('equity-notes.md: created')
  })
})

test('status --json counts, and lists every question with its state', async () => {
  const { folder, take } = given()
  await take()
  const status = JSON.parse((await plStories(['status', '--json'], { folder })).out)
  expect(Object.keys(status)).toEqual(['guide', 'total', 'answered', 'skipped', 'open', 'questions'])
  expect(status).toMatchObject({ guide: 'ca-qpls-equity', total: 20, answered: 2, skipped: 1, open: 17 })
  expect(status.questions[0]).toEqual({
    id: 'warmup',
    element: null,
    kind: 'warmup',
    text: 'What stands out to you about this standard and why?',
    state: 'answered',
  })
  expect(status.questions[7]).toMatchObject({
    id: 'b.story.1',
    element: 'b',
    kind: 'story',
    state: 'skipped',
  })
})

test('status --json tells of words that are not in the notes beside its result', async () => {
  const folder = emptyFolder()
  leaveDraft(folder, 'warmup', 'half a sentence')
  const { out, err } = await plStories(['status', '--json'], { folder })
  expect(JSON.parse(out).open).toBe(20)
  expect(err).toContain('Not yet in your notes: what was being written at warmup (3 words)')
})

test('export json and yaml hold the same', async () => {
  const { folder, take } = given()
  await take()
  const { parse } = await import('yaml')
  const [json, yaml] = await Promise.all(
    ['json', 'yaml'].map(format => plStories(['export', format], { folder })),
  )
  expect(parse(yaml?.out ?? '')).toEqual(JSON.parse(json?.out ?? ''))
})

test.each([
  ['We do not know yet.', 'no', 'We do not know yet.\n\n---\n\nno'],
  ['We meet', 'We meet monthly', 'We meet monthly'],
  ['one\ntwo\nthree', 'two', 'one\ntwo\nthree'],
  ['same', 'same', 'same'],
  ['We plan together', 'We plan toge', 'We plan together'],
  ['我们讨论了公平的问题', '我们讨论了公平', '我们讨论了公平的问题'],
])('of two versions, %j and %j, no word is lost', (theirs, ours, both) => {
  expect(mergeVersions(theirs, ours)).toBe(both)
})
