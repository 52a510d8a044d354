import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { digestDocument } from '../../src/export/digest-document.ts'
import { markdown } from '../../src/export/markdown.ts'
import {
  type Digest,
  DigestBuilder,
  type GroupResponse,
  labelsOf,
  type TextStore,
} from '../../src/notes/digest.ts'
import { blankNotes, readNotes, withAnswer, withJots } from '../../src/notes/notes.ts'
import { SpillingStore } from '../../src/storage/text-store.ts'
import { EQUITY } from '../support/helpers.ts'

interface Table {
  path: string
  group?: string
  answers?: Record<string, string>
  skipped?: string[]
  jots?: string
}

/** A notes file as a table leaves it. */
function notesOf({ path, group, answers = {}, skipped = [], jots }: Table) {
  let notes = readNotes({ name: path, text: blankNotes(EQUITY, { file: 'equity-notes.md', group }) })
  const change = (text: string) => {
    notes = readNotes({ name: path, text })
  }
  for (const [id, text] of Object.entries(answers))
    change(withAnswer(notes, EQUITY, id, { text, skipped: false }))
  for (const id of skipped) change(withAnswer(notes, EQUITY, id, { text: '', skipped: true }))
  if (jots !== undefined) change(withJots(notes, jots))
  return notes
}

function combined(tables: readonly Table[], { anonymous = false, store = store32() } = {}): Digest {
  const gathering = new DigestBuilder(store)
  for (const table of tables) gathering.add(table.path, notesOf(table))
  return gathering.digest(EQUITY, anonymous)
}

function store32(most?: number): TextStore {
  const store = new SpillingStore(most)
  onTestFinished(() => store.close())
  return store
}

const listed = (spoken: Iterable<GroupResponse>) =>
  [...spoken].map(({ who, text }) => (who ? `${who}: ${text}` : text))

const THREE: Table[] = [
  { path: '/room/t1.md', group: 'Table 1', answers: { warmup: 'Data first.', action: '- [ ] survey' } },
  { path: '/room/t2.md', group: 'Table 2', answers: { warmup: 'Trust first.' }, skipped: ['action'] },
  { path: '/room/t3.md', jots: '- [03:12] A2 survey data' },
]

test('for every question the digest says who said what, who skips it and who left it open', () => {
  const digest = combined(THREE)
  expect(digest.names).toEqual(['Table 1', 'Table 2', 't3'])
  expect(listed(digest.answers('warmup'))).toEqual(['Table 1: Data first.', 'Table 2: Trust first.'])
  expect(digest.who('warmup', 'open')).toEqual(['t3'])
  expect(digest.who('action', 'skipped')).toEqual(['Table 2'])
  expect(digest.count('a.story.1', 'open')).toBe(3)
  expect(listed(digest.jots())).toEqual(['t3: - [03:12] A2 survey data'])
})

test('notes on other guides are told of, and the guide is the one most notes are on', () => {
  const gathering = new DigestBuilder(store32())
  const other = readNotes({
    name: 'o',
    text: '---\nguide: other\n---\n<!-- answer: warmup -->\nx\n<!-- /answer -->\n',
  })
  gathering.add('/o.md', other)
  for (const table of THREE) gathering.add(table.path, notesOf(table))
  expect(gathering.guide()).toBe('ca-qpls-equity')
  expect(gathering.ofOthers(EQUITY)).toEqual([{ path: '/o.md', guide: 'other' }])
  expect(gathering.digest(EQUITY, false).size).toBe(3)
})

test('an answer to a question that the guide no longer asks is not lost', () => {
  const text = '---\nguide: ca-qpls-equity\n---\n<!-- answer: d.story.1 -->\nStill true.\n<!-- /answer -->\n'
  const gathering = new DigestBuilder(store32())
  gathering.add('/old.md', readNotes({ name: 'old.md', text }))
  const digest = gathering.digest(EQUITY, false)
  expect(digest.strayIds()).toEqual(['d.story.1'])
  expect(listed(digest.answers('d.story.1'))).toEqual(['old: Still true.'])
})

test('groups are called by label or group, else by file; what repeats gets its file and folders', () => {
  const labels = (...groups: Parameters<typeof labelsOf>[0]) => labelsOf(groups)
  expect(labels({ path: '/a/table-1.md', name: 'Oak' }, { path: '/a/table-2.md' })).toEqual([
    'Oak',
    'Table 2',
  ])
  expect(
    labels({ path: '/ana/equity-notes.md' }, { path: 'C:\\ben\\equity-notes.md' }, { path: '/c/other.md' }),
  ).toEqual(['ana/equity-notes', 'ben/equity-notes', 'other'])
  expect(
    labels(
      { path: '/m/a/n.md', name: 'Table 1' },
      { path: '/k/a/n.md', name: 'Table 1' },
      { path: '/k/n.md' },
    ),
  ).toEqual(['Table 1 (m/a/n)', 'Table 1 (k/a/n)', 'n'])
})

test('groups of one file that are called the same are numbered: no folder tells them apart', () => {
  const row = (name: string, path = '/home/ana/responses.csv') => ({ path, name })
  expect(labelsOf([row('Oak'), row('Oak'), row('Oak (2)'), row('Elm')])).toEqual([
    'Oak',
    'Oak (2)',
    'Oak (2) (2)',
    'Elm',
  ])
})

test('labels are told apart wherever paths are', () => {
  const part = fc.constantFrom('a', 'b', 'n')
  const path = fc.array(part, { minLength: 1, maxLength: 4 }).map(parts => `/${parts.join('/')}.md`)
  const group = fc.record({ path, name: fc.option(part, { nil: undefined }) })
  fc.assert(
    fc.property(fc.uniqueArray(group, { selector: ({ path }) => path }), groups => {
      const named = groups.map(({ path, name }) => ({ path, ...(name !== undefined && { name }) }))
      expect(new Set(labelsOf(named)).size).toBe(groups.length)
    }),
  )
})

const said = fc.dictionary(
  fc.constantFrom('warmup', 'a.story.1', 'b.comparison.2', 'action'),
  fc.constantFrom('Yes.', 'No.', 'Data\n\nand trust', 'Sí, mañana', '日本語', 'x'.repeat(300)),
)

test('an anonymous digest is the same whatever the files are called and in whichever order they come', () => {
  const everything = (tables: readonly Table[]) => {
    const gathering = new DigestBuilder(store32())
    for (const table of tables) gathering.add(table.path, notesOf(table))
    const digest = gathering.digest(EQUITY, true)
    expect(digest.names).toEqual([])
    return EQUITY.questions.map(({ id }) => [...listed(digest.answers(id)), digest.count(id, 'open')])
  }
  fc.assert(
    fc.property(fc.array(said, { maxLength: 5 }), fc.infiniteStream(fc.nat()), (tables, random) => {
      const one = tables.map((answers, i) => ({ path: `/a/t${i}.md`, group: `Table ${i}`, answers }))
      const keys = tables.map(() => random.next().value)
      const other = one
        .map((table, i) => ({ ...table, path: `/z/${keys[i]}-${i}.md`, group: `Group ${keys[i]} ${i}` }))
        .sort((a, b) => (a.path < b.path ? -1 : 1))
      expect(everything(other)).toEqual(everything(one))
    }),
    { numRuns: 30 },
  )
})

test('in an anonymous digest the order of one question says nothing about the next', () => {
  const ids = ['warmup', 'a.story.1', 'a.story.2', 'a.story.3', 'b.story.1', 'b.story.2']
  const tables = Array.from({ length: 6 }, (_, i) => ({
    path: `/t${i}.md`,
    answers: Object.fromEntries(ids.map(id => [id, `Table ${i} says so.`])),
  }))
  const digest = combined(tables, { anonymous: true })
  expect(new Set(ids.map(id => listed(digest.answers(id)).join())).size).toBeGreaterThan(4)
})

test('texts come back from the store to the character, from memory and from the file, in any order', () => {
  const text = fc.tuple(fc.string({ unit: 'binary' }), fc.constantFrom(1, 20, 2000))
  const put = fc.tuple(
    text.map(([words, times]) => words.repeat(times)),
    fc.constantFrom('warmup', 'a.story.1', 'action'),
  )
  fc.assert(
    fc.property(fc.array(put, { maxLength: 40 }), fc.nat(60), (texts, most) => {
      const store = new SpillingStore(most)
      const places = texts.map(([text, id]) => [id, store.put(text, id)] as const)
      const told = ['warmup', 'a.story.1', 'action'].flatMap(id => places.filter(([one]) => one === id))
      for (const order of [told, places, [...places].reverse()])
        expect(order.map(([, at]) => store.get(at))).toEqual(
          order.map(place => texts[places.indexOf(place)]?.[0]),
        )
      store.close()
    }),
    { numRuns: 60 },
  )
})

test('a group counts only where it was asked, or answered all the same', () => {
  const notes = (asked: string, answer: string) =>
    readNotes({
      name: 'x.md',
      text: `---\nguide: ca-qpls-equity\nasked: ${asked}\n---\n<!-- answer: ${answer} -->\nyes\n<!-- /answer -->\n`,
    })
  const gathering = new DigestBuilder(store32())
  gathering.add('/table-1.md', notes('["warmup", "a.story.1"]', 'warmup'))
  gathering.add('/table-2.md', notes('["warmup", "b.story.1"]', 'a.story.1'))
  gathering.add('/room.md', notes('[]', 'c.story.1'))
  const digest = gathering.digest(EQUITY, false)
  expect(digest.who('warmup', 'open')).toEqual(['Table 2'])
  expect(digest.count('a.story.1', 'open')).toBe(1)
  expect(digest.count('b.story.1', 'open')).toBe(1)
  expect([digest.isAsked('c.story.1'), digest.isAsked('c.story.2')]).toEqual([true, false])
  const page = [...markdown(digestDocument(digest, { leftOut: [] }))].join('')
  expect(page).toContain('Element B · the story · 1 of 3 · asked of Table 2 only')
  expect(page).toContain('asked of Table 1, Table 2 only')
})
