import { Document as File, Footer, Packer, PageNumber, Paragraph, TextRun } from 'docx'
import { type Document, foreignTo } from './document.ts'
import { BlockWriter, run } from './docx-blocks.ts'
import { itemsDocx } from './docx-items.ts'
import { styles } from './docx-style.ts'
import { withoutTimes } from './docx-zip.ts'
import { blocksOf, legal } from './markdown-parser.ts'

const HYPERLINK = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink'
const LETTER = { width: 12240, height: 15840 }
const INCH = 1440

/** A Word file with real headings, lists, header rows, language and title. The same document gives the same bytes. */
export async function docx({
  title,
  language,
  facts,
  items,
  source,
  brief = false,
}: Document): Promise<Uint8Array> {
  const margin = brief ? INCH * 0.75 : INCH
  const write = new BlockWriter(LETTER.width - 2 * margin)
  const children = [
    new Paragraph({ style: 'Title', children: [run(title)] }),
    ...(facts.length > 0 ? [new Paragraph({ style: 'Facts', children: [run(facts.join(' · '))] })] : []),
    ...itemsDocx(items, write),
    ...write.blocks(blocksOf(source), { style: 'Source', language: foreignTo(language) }),
  ]
  const page = { size: LETTER, margin: { top: margin, right: margin, bottom: margin, left: margin } }
  const file = new File({
    compatibility: { version: 15 },
    styles: styles(language, brief),
    numbering: { config: write.numberings() },
    sections: [{ properties: { page }, footers: { default: pageFooter(title) }, children }],
  })
  for (const [id, href] of write.links())
    file.Document.Relationships.addRelationship(id, HYPERLINK, href, 'External')
  return withoutTimes(await Packer.toBuffer(file, undefined, [coreProperties(title, language)]))
}

function pageFooter(title: string): Footer {
  const page = new TextRun({ children: [' · Page ', PageNumber.CURRENT, ' of ', PageNumber.TOTAL_PAGES] })
  return new Footer({ children: [new Paragraph({ style: 'Footer', children: [run(title), page] })] })
}

/** The library writes the time of the day into the file; a document of the same words is the same document. */
function coreProperties(title: string, language: string): { path: string; data: string } {
  const xml = (text: string) => legal(text).replace(/[&<>"]/g, one => `&#${one.charCodeAt(0)};`)
  const data = [
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"',
    ' xmlns:dc="http://purl.org/dc/elements/1.1/">',
    `<dc:title>${xml(title)}</dc:title><dc:creator>pl-stories</dc:creator><dc:language>${xml(language)}</dc:language>`,
    '</cp:coreProperties>',
  ]
  return { path: 'docProps/core.xml', data: data.join('') }
}
