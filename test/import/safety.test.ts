import { describe, expect, test } from 'vitest'
import { edited, unzipped, zipped } from '../support/office.ts'
import { answersIn, filled, handout, inBox, paragraph, read, run } from './reading.ts'

/* Files of strangers: what is absurd ends in a sentence, and nothing in a file leads out of it. */

const HANDOUT = filled({ warmup: 'Data first.' })
const TOO_LARGE = 'is far larger or more deeply nested than answers are'
const DAMAGED = 'the file is damaged'
const sheet = (inside: string, shared = '') =>
  zipped([
    ['xl/workbook.xml', '<workbook/>'],
    ['xl/sharedStrings.xml', `<sst>${shared}</sst>`],
    ['xl/worksheets/sheet1.xml', `<worksheet><sheetData>${inside}</sheetData></worksheet>`],
  ])
const MOST = 33 * 1024 * 1024

describe.each([
  [
    'a Word file',
    'x.docx',
    (xml: string) => edited(HANDOUT, text => text.replace('<w:body>', `<w:body>${xml}`)),
  ],
  ['an Excel file', 'x.xlsx', (xml: string) => sheet(xml)],
])('%s', (_, name, withMarkup) => {
  test('that unpacks to more than it may is refused, whatever it says of its size', async () => {
    const file = withMarkup(' '.repeat(MOST))
    expect(file.length).toBeLessThan(200_000)
    await expect(read(file, name)).rejects.toThrow(TOO_LARGE)
    await expect(
      read(
        zipped(unzipped(file), () => 10),
        name,
      ),
    ).rejects.toThrow(TOO_LARGE)
  })

  test('that is nested too deeply, or has too many parts, is refused', async () => {
    const deep = '<w:p>'.repeat(300) + '</w:p>'.repeat(300)
    await expect(read(withMarkup(deep), name)).rejects.toThrow(TOO_LARGE)
    await expect(read(withMarkup('<w:p/>'.repeat(500_000)), name)).rejects.toThrow(TOO_LARGE)
  })

  test('that declares a document type or ends in the middle is refused', async () => {
    const declared = new Map(
      [...unzipped(withMarkup(''))].map(([part, text]): [string, string] => [
        part,
        /document|sheet1/.test(part)
          ? `<!DOCTYPE x [<!ENTITY e "no">]>${text.replace(/^<\?xml[^>]*>/, '')}`
          : text,
      ]),
    )
    await expect(read(zipped(declared), name)).rejects.toThrow(DAMAGED)
    const cut = new Map(
      [...unzipped(withMarkup(''))].map(([part, text]): [string, string] => [
        part,
        /document|sheet1/.test(part) ? text.slice(0, -20) : text,
      ]),
    )
    await expect(read(zipped(cut), name)).rejects.toThrow(DAMAGED)
    const whole = withMarkup('')
    await expect(read(whole.subarray(0, whole.length / 2), name)).rejects.toThrow(DAMAGED)
  })
})

test('parts that hold no text stay packed, and names in the file are never paths', async () => {
  const parts: [string, string | Buffer][] = [
    ['../../escape.txt', 'x'],
    ['/word/document.xml', 'x'],
    ['word/media/video.mp4', Buffer.alloc(MOST)],
    ...unzipped(HANDOUT),
  ]
  expect(answersIn(await read(zipped(parts)))).toEqual({ warmup: 'Data first.' })
})

test('a table of absurd width is refused, and an entity is only what XML knows', async () => {
  const cell = (place: string, text: string) => `<c r="${place}" t="str"><v>${text}</v></c>`
  const rows = `<row>${cell('A1', 'warmup')}</row><row>${cell('A2', 'a &amp; &unknown; b')}</row>`
  expect(answersIn(await read(sheet(rows), 'x.xlsx'))).toEqual({ warmup: 'a & &unknown; b' })
  await expect(
    read(sheet(`<row>${cell('A1', 'warmup')}${cell('XFD1', 'far')}</row>`), 'x.xlsx'),
  ).rejects.toThrow('thousands of columns')
  const far = `<row>${cell('BXX2', 'x')}</row>`
  await expect(
    read(sheet(`<row>${cell('A1', 'warmup')}</row>${far.repeat(100_000)}`), 'x.xlsx'),
  ).rejects.toThrow(TOO_LARGE)
  const heads = Array.from({ length: 20_000 }, (_, i) => `c${i}`).join(',')
  await expect(read(Buffer.from(`warmup,${heads}\nx\n`), 'x.csv')).rejects.toThrow('thousands of columns')
})

test('a table whose one wide row would widen thousands is words below each other', async () => {
  const row = (count: number, text: string) =>
    `<w:tr>${`<w:tc>${paragraph(run(text))}</w:tc>`.repeat(count)}</w:tr>`
  const wide = `<w:tbl>${row(20_000, '')}${row(1, 'Low')}${row(1, '').repeat(20_000)}${row(1, 'High')}</w:tbl>`
  const file = edited(handout(), xml => inBox(xml, 'warmup', mark => wide + paragraph(mark)))
  expect(answersIn(await read(file))).toEqual({ warmup: 'Low\n\nHigh' })
})

test('a link in a file is words in the answer: nothing is opened', async () => {
  const rels = '<Relationship Id="rId900" TargetMode="External" Target="file:///etc/passwd"/>'
  const linked = edited(
    edited(HANDOUT, xml =>
      xml.replace(
        'Data first.',
        'Data first.</w:t></w:r><w:hyperlink r:id="rId900"><w:r><w:t>here</w:t></w:r></w:hyperlink><w:r><w:t>',
      ),
    ),
    xml => xml.replace('</Relationships>', `${rels}$&`),
    'word/_rels/document.xml.rels',
  )
  expect(answersIn(await read(linked))).toEqual({ warmup: 'Data first.here' })
})
