import { spawnSync } from 'node:child_process'
import { appendFileSync, readdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { withAnswer } from '../../src/notes/notes.ts'
import { notesStore } from '../../src/session/session.ts'
import { thisProcess } from '../../src/storage/lock.ts'
import { changeNotes, notesFile, saveAnswer } from '../../src/storage/notes-file.ts'
import { answersIn, EQUITY, emptyFolder, file, plStories } from '../support/helpers.ts'
import { openTerminal, press, type Screen, type } from '../support/terminal.ts'

const NOTES = 'equity-notes.md'
const IDS = EQUITY.questions.map(({ id }) => id)
const DEAD = 2 ** 22 + 1

describe('eight processes that save different answers at the same time', () => {
  test.each([
    ['where there are no notes yet', false],
    ['where a dead process has left its lock and its half-written file', true],
  ])('%s', async (_, crashed) => {
    for (let round = 0; round < 4; round++) {
      const folder = emptyFolder()
      if (crashed) {
        file(folder, `.${NOTES}.lock`, `abc123 ${thisProcess().replace(` ${process.pid} `, ` ${DEAD} `)}`)
        file(folder, `.${NOTES}.abc123.tmp`, 'half a fi')
      }
      const ids = IDS.slice(0, 8)
      const ended = await Promise.all(ids.map(id => plStories(['answer', id, `from ${id}`], { folder })))
      expect(ended.map(({ code, err }) => [code, err.replace(/.*: /, '')])).toEqual(
        ids.map(id => [0, expect.stringMatching(`(created|changed) .${id}.`)]),
      )
      expect(await answersIn(folder)).toEqual(Object.fromEntries(ids.map(id => [id, `from ${id}`])))
      expect(readdirSync(folder)).toEqual([NOTES])
    }
  })

  test('in two containers that share the folder and know nothing of each other', async context => {
    const container = ['unshare', '--pid', '--fork', '--mount-proc']
    if (spawnSync('unshare', [...container.slice(1), 'true']).status !== 0)
      context.skip('namespaces cannot be made here')
    const folder = emptyFolder()
    const ids = IDS.slice(0, 8)
    const ended = await Promise.all(
      ids.map((id, i) =>
        plStories(['answer', id, `from ${id}`], { folder, ...(i % 2 === 1 && { via: container }) }),
      ),
    )
    expect(ended.map(({ code }) => code)).toEqual(ids.map(() => 0))
    expect(await answersIn(folder)).toEqual(Object.fromEntries(ids.map(id => [id, `from ${id}`])))
    expect(readdirSync(folder)).toEqual([NOTES])
  })

  test('and eight walks through pipes, all through the same nineteen', async () => {
    const folder = emptyFolder()
    // One stays open, or the walks would come to their end.
    const asked = IDS.slice(0, 19)
    const walks = Array.from({ length: 8 }, (_, who) =>
      plStories(['start'], {
        folder,
        input: asked.map((_, i) => `:go ${((i + who * 3) % 19) + 1}\nwalker ${who} was here\n.\n`).join(''),
      }),
    )
    for (const { err } of await Promise.all(walks)) expect(err).toBe('')
    const answers = await answersIn(folder)
    for (const id of asked)
      for (let who = 0; who < 8; who++) expect(answers[id]).toContain(`walker ${who} was here`)
    expect(readdirSync(folder).filter(name => /\.(?:lock|tmp)$/.test(name))).toEqual([])
  })
})

/** Waits until a save has begun, so that what happens next happens in the middle of it. */
const locked = (folder: string) =>
  vi.waitFor(() => expect(readdirSync(folder)).toContain(`.${NOTES}.lock`), { interval: 1, timeout: 60_000 })

/** An editor knows nothing of our lock. It saves just when we have read and are about to write. */
describe('an editor that saves in the middle of our save', () => {
  const MINE = '\nA line of my own.\n'
  const editors: [string, (path: string) => void][] = [
    ['in place', path => appendFileSync(path, MINE)],
    [
      'by a new file in its place',
      path => {
        writeFileSync(`${path}~`, readFileSync(path, 'utf8') + MINE)
        renameSync(`${path}~`, path)
      },
    ],
    [
      'by removing the file and writing it anew',
      path => {
        const text = readFileSync(path, 'utf8') + MINE
        unlinkSync(path)
        writeFileSync(path, text)
      },
    ],
  ]

  test.each(editors)('%s', async (_, edit) => {
    const folder = emptyFolder()
    const path = join(folder, NOTES)
    const notes = notesFile(path, EQUITY)
    await saveAnswer(notes, 'warmup', { text: 'before', skipped: false }, '')
    let changes = 0
    await changeNotes(notes, now => {
      if (changes++ === 0) edit(path)
      return withAnswer(now, EQUITY, 'action', { text: 'ours', skipped: false })
    })
    expect(changes).toBe(2)
    expect(await answersIn(folder)).toEqual({ warmup: 'before', action: 'ours' })
    expect(file(folder, NOTES)).toContain(MINE)
  })

  test('by removing it and being slow to write it anew', async () => {
    const folder = emptyFolder()
    const path = join(folder, NOTES)
    await saveAnswer(notesFile(path, EQUITY), 'warmup', { text: 'before', skipped: false }, '')
    const text = file(folder, NOTES)
    const desk = notesStore(notesFile(path, EQUITY))
    await desk.answers()
    unlinkSync(path)
    const saving = desk.save('action', { text: 'ours', skipped: false }, '')
    await locked(folder)
    writeFileSync(path, text)
    await saving
    expect(await answersIn(folder)).toEqual({ warmup: 'before', action: 'ours' })
  })

  test('and has written only half of the file when we look', async () => {
    const folder = emptyFolder()
    const path = join(folder, NOTES)
    await saveAnswer(notesFile(path, EQUITY), 'warmup', { text: 'before', skipped: false }, '')
    const text = file(folder, NOTES)
    writeFileSync(path, text.slice(0, text.indexOf('before')))
    const saving = saveAnswer(notesFile(path, EQUITY), 'action', { text: 'ours', skipped: false }, '')
    await locked(folder)
    writeFileSync(path, text)
    await saving
    expect(await answersIn(folder)).toEqual({ warmup: 'before', action: 'ours' })
  })
})

describe('two walks side by side, and an editor between them', () => {
  const FACES = [
    ['in lines', { TERM: 'dumb' }, '\r.\r', 'Question'],
    ['on the screen', {}, '\u0013', '('],
  ] as const

  test.each(FACES)('%s: nothing is undone', async (_, env, save, place) => {
    const folder = emptyFolder()
    const at = (screen: Screen, number: number) =>
      screen.shows(`${place}${place === '(' ? '' : ' '}${number} of 20`)
    const write = async (screen: Screen, number: number, text: string) => {
      await at(screen, number)
      await type(screen, text)
      for (const key of save) await press(screen, key)
      await at(screen, number + 1)
    }
    const first = openTerminal({ folder, env, args: ['--only', 'a'] })
    await write(first, 2, 'one by the first')
    const second = openTerminal({ folder, env, args: ['--only', 'b'] })
    await write(second, 8, 'one by the second')
    const path = join(folder, NOTES)
    writeFileSync(
      path,
      readFileSync(path, 'utf8')
        .replace('## Warmup', '## Warming up')
        .replace('<!-- answer: action -->\n\n', '<!-- answer: action -->\nby the editor\n'),
    )
    await write(first, 3, 'two by the first')
    await write(second, 9, 'two by the second')
    // The answer the first walk stands at is changed under its hands.
    await plStories(['answer', 'a.story.3', 'from elsewhere'], { folder })
    await write(first, 4, 'three by the first')
    expect(await first.history()).toMatch(/changed\s+elsewhere/i)
    expect(await answersIn(folder)).toEqual({
      'a.story.1': 'one by the first',
      'a.story.2': 'two by the first',
      'a.story.3': 'from elsewhere\n\n---\n\nthree by the first',
      'b.story.1': 'one by the second',
      'b.story.2': 'two by the second',
      action: 'by the editor',
    })
    expect(file(folder, NOTES)).toContain('## Warming up')
  })
})
