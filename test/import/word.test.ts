import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { anchorsOf } from '../../src/domain/guide.ts'
import { readForm } from '../../src/import/formats.ts'
import { EQUITY, emptyFolder } from '../support/helpers.ts'
import { edited, hasLibreOffice, PANDOC, PYTHON, savedAs } from '../support/office.ts'
import { answersIn, handout, inBox, paragraph, read, run, styled, typed } from './reading.ts'

/* A Word handout comes home, filled in as people and programs do. */

/** With a list that begins at three. */
const HANDOUT = edited(
  handout(),
  xml =>
    xml
      .replace(
        '<w:abstractNum ',
        '<w:abstractNum w:abstractNumId="90"><w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>$&',
      )
      .replace('</w:numbering>', '<w:num w:numId="90"><w:abstractNumId w:val="90"/></w:num>$&'),
  'word/numbering.xml',
)

const IDS = EQUITY.questions.map(({ id }) => id)
/** The heading of a question: label, line break and words. */
function heading(xml: string, id: string, write: (whole: string) => string): string {
  const name = `q_${anchorsOf(EQUITY).get(id)}`
  return xml.replace(new RegExp(`<w:p><w:pPr>(?:(?!</w:p>).)*w:name="${name}"(?:(?!</w:p>).)*</w:p>`), write)
}
const table = (xml: string, id: string, write: (whole: string) => string) => {
  const at = xml.indexOf(`w:name="in_${anchorsOf(EQUITY).get(id)}"`)
  const from = xml.lastIndexOf('<w:tbl>', at)
  const to = xml.indexOf('</w:tbl>', at) + '</w:tbl>'.length
  return xml.slice(0, from) + write(xml.slice(from, to)) + xml.slice(to)
}

/** The runs of the label, up to the break before the words. */
const LABEL = /<w:r><w:rPr><w:rStyle w:val="Label"\/>.*<w:r><w:br\/><\/w:r>/

interface Way {
  fill: (xml: string, id: string) => string
  text: string
  told?: RegExp
}

const NUMBERS = `<w:numPr><w:ilvl w:val="0"/><w:numId w:val="90"/></w:numPr>`
const BULLETS = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'

/** What people do, and what Word makes of it; each at a question of its own. */
const WAYS: Record<string, Way> = {
  'typed, in the pieces that Word makes of it': {
    fill: (xml, id) =>
      typed(
        xml,
        id,
        `${run('We ')}<w:proofErr w:type="spellStart"/>${run('disaggre')}<w:smartTag w:uri="u" w:element="e">${run('gate')}</w:smartTag><w:proofErr w:type="spellEnd"/><w:bookmarkStart w:id="900" w:name="_GoBack"/><w:bookmarkEnd w:id="900"/>${run(' by ')}${run('grade', '<w:b/>')}${run(' and &lt;school&gt;.')}`,
      ),
    text: 'We disaggregate by **grade** and \\<school>.',
  },
  'several paragraphs': {
    fill: (xml, id) =>
      inBox(
        xml,
        id,
        mark =>
          paragraph(mark + run('First.'), styled(id)) + paragraph('') + paragraph(run('Second.'), styled(id)),
      ),
    text: 'First.\n\nSecond.',
  },
  'bullets of the toolbar': {
    fill: (xml, id) =>
      inBox(
        xml,
        id,
        mark =>
          paragraph(mark + run('one'), styled(id) + BULLETS) + paragraph(run('two'), styled(id) + BULLETS),
      ),
    text: '- one\n- two',
  },
  'line breaks': {
    fill: (xml, id) => typed(xml, id, `${run('above')}<w:r><w:br/></w:r>${run('below')}`),
    text: 'above\nbelow',
  },
  'tracked changes': {
    fill: (xml, id) =>
      typed(
        xml,
        id,
        `${run('We keep ')}<w:del w:id="1" w:author="A"><w:r><w:delText>nothing</w:delText></w:r></w:del><w:ins w:id="2" w:author="A">${run('this')}</w:ins><w:moveFrom w:id="3" w:author="A">${run(' gone')}</w:moveFrom><w:moveTo w:id="4" w:author="A">${run(' and that')}</w:moveTo>`,
      ),
    text: 'We keep this and that',
    told: /tracked changes in a\.comparison\.1, taken as accepted/,
  },
  'a table in the box': {
    fill: (xml, id) =>
      inBox(
        xml,
        id,
        mark =>
          `${paragraph(mark + run('See:'), styled(id))}<w:tbl><w:tblPr/><w:tblGrid/>${[
            ['who', 'what'],
            ['Ana', 'data'],
          ]
            .map(row => `<w:tr>${row.map(cell => `<w:tc>${paragraph(run(cell))}</w:tc>`).join('')}</w:tr>`)
            .join('')}</w:tbl>${paragraph('')}`,
      ),
    text: 'See:\n\n| who | what |\n| --- | --- |\n| Ana | data |',
  },
  'text below the box': {
    fill: (xml, id) => table(typed(xml, id, run('In it.')), id, whole => whole + paragraph(run('Below it.'))),
    text: 'In it.\n\nBelow it.',
    told: /text below the box of a\.comparison\.3, taken as its answer/,
  },
  'text behind the question': {
    fill: (xml, id) => heading(xml, id, whole => whole.replace('</w:p>', `${run(' Very well.')}</w:p>`)),
    text: 'Very well.',
  },
  'the label deleted': {
    fill: (xml, id) => heading(typed(xml, id, run('No label.')), id, whole => whole.replace(LABEL, '')),
    text: 'No label.',
  },
  'the label edited': {
    fill: (xml, id) =>
      heading(typed(xml, id, run('Edited.')), id, whole => whole.replace('Element B', 'Table 4')),
    text: 'Edited.',
  },
  'the label of another question copied into the answer': {
    fill: (xml, id) =>
      inBox(
        xml,
        id,
        mark =>
          paragraph(mark + run('As we said at'), styled(id)) +
          paragraph(run('Element A · the story · 1 of 3'), styled(id)) +
          paragraph(run('it helps.'), styled(id)),
      ),
    text: 'As we said at\n\nElement A · the story · 1 of 3\n\nit helps.',
  },
  'the cell overwritten': {
    fill: (xml, id) => inBox(xml, id, () => paragraph(run('Written over.'), styled(id))),
    text: 'Written over.',
  },
  'a row added': {
    fill: (xml, id) =>
      table(typed(xml, id, run('First row.')), id, whole =>
        whole.replace('</w:tbl>', `<w:tr><w:tc>${paragraph(run('Second row.'))}</w:tc></w:tr></w:tbl>`),
      ),
    text: 'First row.\n\nSecond row.',
  },
  'content controls, one of them empty': {
    fill: (xml, id) =>
      typed(
        xml,
        id,
        `<w:sdt><w:sdtPr/><w:sdtContent>${run('In a control.')}</w:sdtContent></w:sdt><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>${run('Click or tap here to enter text.', '<w:rStyle w:val="PlaceholderText"/>')}</w:sdtContent></w:sdt>`,
      ),
    text: 'In a control.',
  },
  'boxes to check': {
    fill: (xml, id) =>
      inBox(
        xml,
        id,
        mark =>
          `${paragraph(`${mark}<w:sdt><w:sdtPr><w14:checkbox xmlns:w14="urn:w14"><w14:checked w14:val="1"/></w14:checkbox></w:sdtPr><w:sdtContent>${run('☒')}</w:sdtContent></w:sdt>${run(' done')}`, styled(id))}${paragraph(run('☐ open'), styled(id))}`,
      ),
    text: '- [x] done\n- [ ] open',
  },
  'a list in a list': {
    fill: (xml, id) =>
      inBox(xml, id, mark =>
        [0, 1, 0]
          .map((level, i) =>
            paragraph(
              (i === 0 ? mark : '') + run(`level ${level}`),
              styled(id) + BULLETS.replace('w:ilvl w:val="0"', `w:ilvl w:val="${level}"`),
            ),
          )
          .join(''),
      ),
    text: '- level 0\n    - level 1\n- level 0',
  },
  'a link, and signs that Markdown would take for its own': {
    fill: (xml, id) => typed(xml, id, run('2 * 3 and *stars* and snake_case and # 5')),
    text: '2 * 3 and \\*stars\\* and snake_case and # 5',
  },
  numbers: {
    fill: (xml, id) =>
      inBox(
        xml,
        id,
        mark =>
          paragraph(mark + run('three'), styled(id) + NUMBERS) + paragraph(run('four'), styled(id) + NUMBERS),
      ),
    text: '3. three\n4. four',
  },
  nothing: { fill: xml => xml, text: '' },
  'one word': { fill: (xml, id) => typed(xml, id, run('Yes')), text: 'Yes' },
}

const FILLED = edited(HANDOUT, xml =>
  Object.values(WAYS).reduce((text, { fill }, i) => fill(text, IDS[i] ?? ''), xml),
)
const EXPECTED = Object.fromEntries(
  Object.values(WAYS).flatMap(({ text }, i) => (text === '' ? [] : [[IDS[i], text]])),
)

test.each(Object.entries(WAYS).map(([name, way], i) => [name, way, IDS[i] ?? ''] as const))(
  'filled in with %s',
  async (_, way, id) => {
    const reading = await read(edited(HANDOUT, xml => way.fill(xml, id)))
    expect(answersIn(reading)).toEqual(way.text === '' ? {} : { [id]: way.text })
    if (way.told)
      expect(reading.told.join('\n').replaceAll(id, 'ID')).toMatch(
        new RegExp(way.told.source.replace(/[abc]\\.\w+\\.\d/, 'ID')),
      )
  },
)

test('read together, they account for every word', async () => {
  const { left, unclear, ...reading } = await read(FILLED)
  expect(answersIn({ left, unclear, ...reading })).toEqual(EXPECTED)
  expect(left.map(({ text }) => text)).toEqual(['Table 4 · the story · 3 of 3'])
  expect(unclear).toEqual([])
})

const squeezed = (answers: Record<string, string>) =>
  Object.fromEntries(Object.entries(answers).map(([id, text]) => [id, text.replace(/\s+/g, ' ')]))

test.skipIf(!hasLibreOffice)(
  `they come back right through four formats of LibreOffice${hasLibreOffice ? '' : ' (skipped: not installed here)'}`,
  { timeout: 120_000 },
  async () => {
    const folder = emptyFolder()
    const saved = new Map([
      ['as-docx.docx', savedAs('docx', new Map([['as.docx', FILLED]]), folder).get('as.docx') ?? FILLED],
    ])
    for (const format of ['odt', 'doc', 'rtf'])
      for (const [, bytes] of savedAs(format, new Map([['f.docx', FILLED]]), folder))
        saved.set(`as-${format}.${format}`, bytes)
    for (const [name, bytes] of savedAs('docx', saved, folder)) {
      const reading = await read(bytes, name)
      expect(squeezed(answersIn(reading)), name).toEqual(squeezed(EXPECTED))
    }
  },
)

test.skipIf(!PYTHON)(
  `what a program writes into the boxes comes back${PYTHON ? '' : ' (skipped: python3-docx is not installed here)'}`,
  async () => {
    const folder = emptyFolder()
    writeFileSync(join(folder, 'h.docx'), handout())
    const script = `
import docx
d = docx.Document('h.docx')
for i, table in enumerate(d.tables):
    cell = table.cell(0, 0)
    if i % 4 == 0: cell.text = f'Text {i}\\nwith a break'
    if i % 4 == 1: cell.paragraphs[0].add_run(f'Run {i}').bold = True
    if i % 4 == 2: cell.add_paragraph(f'Paragraph {i}')
    if i % 4 == 3: table.add_row().cells[0].text = f'Row {i}'
d.add_paragraph('At the very end.')
d.save('h.docx')`
    execFileSync(PYTHON ?? '', ['-c', script], { cwd: folder })
    const { left, ...reading } = await read(readFileSync(join(folder, 'h.docx')))
    const text = (i: number) =>
      [`Text ${i}\nwith a break`, `**Run ${i}**`, `Paragraph ${i}`, `Row ${i}`][i % 4]
    expect(answersIn({ left, ...reading })).toEqual(Object.fromEntries(IDS.map((id, i) => [id, text(i)])))
    expect(left.map(each => each.text)).toEqual(['At the very end.'])
  },
)

test.skipIf(!PANDOC)(
  `without bookmarks and styles 19 of 20 are right and none is wrong${PANDOC ? '' : ' (skipped: pandoc is not installed here)'}`,
  async () => {
    const folder = emptyFolder()
    writeFileSync(join(folder, 'f.docx'), FILLED)
    execFileSync(PANDOC ?? '', ['f.docx', '-o', 'p.docx'], { cwd: folder })
    const answers = squeezed(answersIn(await read(readFileSync(join(folder, 'p.docx')))))
    // It drops tables in tables.
    const { 'a.comparison.2': table = '', ...rest } = answers
    const { 'a.comparison.2': _, ...expected } = squeezed(EXPECTED)
    expect(rest).toEqual(expected)
    expect(table).toContain('See:')
  },
)

test.each([
  ['a quote of Word, which is set in by its style', '<w:pStyle w:val="Quotation"/>', '> Mine.'],
  ['a paragraph drawn out to the left', '<w:ind w:left="-720"/>', 'Mine.'],
  ['a list without a sound level', BULLETS.replace('"0"', '"x"'), '- Mine.'],
])('%s is read', async (_, properties, text) => {
  const bytes = edited(HANDOUT, xml =>
    inBox(xml, 'warmup', mark => paragraph(mark + run('Mine.'), properties)),
  )
  expect(answersIn(await read(bytes))).toEqual({ warmup: text })
})

test('a question that was moved below our last line is told by its box, and that line is no answer', async () => {
  const bytes = edited(handout(), xml => {
    const box = (text: string, id: string) => typed(text, id, run(id))
    const full = box(box(xml, 'action'), 'a.story.2')
    let moved = ''
    const cut = (whole: string) => {
      moved += whole
      return ''
    }
    const without = table(heading(full, 'a.story.2', cut), 'a.story.2', cut)
    return without.replace(/<w:sectPr\b(?![\s\S]*<w:sectPr\b)/, `${moved}$&`)
  })
  const reading = await read(bytes)
  expect([answersIn(reading), reading.left]).toEqual([{ 'a.story.2': 'a.story.2', action: 'action' }, []])
})

test('a paragraph whose end was deleted goes on in the next one', async () => {
  const end = '<w:rPr><w:del w:id="9" w:author="A"/></w:rPr>'
  const filled = edited(HANDOUT, xml =>
    inBox(xml, 'warmup', mark => paragraph(mark + run('Joined '), end) + paragraph(run('to one.'))),
  )
  expect(answersIn(await read(filled))).toEqual({ warmup: 'Joined to one.' })
})

test('what stands beside the text is left over with its words, or told', async () => {
  const box = `<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent>${paragraph(run('In a text box.'), '<w:tabs><w:tab w:val="left" w:pos="9"/></w:tabs>')}</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent>${paragraph(run('In a text box.'))}</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>`
  const formula = '<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>'
  const beside =
    '<w:r><w:drawing><pic:pic/></w:drawing></w:r><w:r><w:commentReference w:id="0"/></w:r><w:r><w:footnoteReference w:id="1"/></w:r>'
  const hidden = run('secret', '<w:vanish/>')
  const reading = await read(
    edited(HANDOUT, xml => typed(xml, 'warmup', run('Seen') + box + run('.') + formula + beside + hidden)),
  )
  expect(answersIn(reading)).toEqual({ warmup: 'Seen.' })
  expect(reading.left).toEqual([
    { where: 'after warmup', text: 'In a text box.' },
    { where: 'after warmup', text: 'x=1' },
  ])
  expect(reading.told).toEqual([
    'left out: 1 picture',
    'left out: 1 comment',
    'left out: 1 footnote',
    'left out: 1 hidden text',
  ])
})

test('questions with the same words never swap, whatever is lost', async () => {
  const twins = EQUITY.questions.filter(({ text, id }) =>
    EQUITY.questions.some(one => one.text === text && one.id !== id),
  )
  expect(twins).toHaveLength(10)
  const filled = edited(HANDOUT, xml =>
    twins.reduce((text, { id }) => typed(text, id, run(`ours at ${id}`)), xml),
  )
  const expected = Object.fromEntries(twins.map(({ id }) => [id, `ours at ${id}`]))
  const losses: Record<string, (xml: string) => string> = {
    nothing: xml => xml,
    bookmarks: xml => xml.replace(/<w:bookmark\w+ [^>]*>/g, ''),
    'bookmarks and styles': xml => xml.replace(/<w:bookmark\w+ [^>]*>/g, '').replace(/Answer_\w+/g, 'Normal'),
    'bookmarks and labels': xml =>
      xml
        .replace(/<w:bookmark\w+ [^>]*>/g, '')
        .replace(new RegExp(LABEL.source.replace('.*', '(?:(?!</w:p>).)*'), 'g'), ''),
    'labels and words': xml => twins.reduce((text, { id }) => heading(text, id, () => ''), xml),
  }
  for (const [loss, lose] of Object.entries(losses))
    expect(answersIn(await read(edited(filled, lose))), `without ${loss}`).toEqual(expected)
})

test('signs that contradict each other are left over, until somebody says what is meant', async () => {
  const moved = edited(HANDOUT, xml => {
    const [a = '', b = ''] = ['a.story.1', 'a.story.2'].map(id => `w:name="in_${anchorsOf(EQUITY).get(id)}"`)
    const swapped = typed(typed(xml, 'a.story.1', run('one')), 'a.story.2', run('two'))
    return swapped
      .replace(a, 'w:name="x"')
      .replace(b, a)
      .replace('w:name="x"', b)
      .replace(/Answer_\w+/g, 'Normal')
  })
  const reading = await read(moved)
  expect(answersIn(reading)).toEqual({})
  expect(reading.unclear.map(({ ids, text }) => [text, ...ids])).toEqual([
    ['one', 'a.story.2', 'a.story.1'],
    ['two', 'a.story.1', 'a.story.2'],
  ])
  const decided = new Map(reading.unclear.map(({ key, ids }) => [key, ids[1] ?? '']))
  const found = await readForm({ name: 'h.docx', bytes: moved }, async () => [EQUITY], { decided })
  expect(found && answersIn(found.reading)).toEqual({ 'a.story.1': 'one', 'a.story.2': 'two' })
  expect(found?.reading.left).toEqual([])
})
