import { anchorsOf, type Guide } from '../../src/domain/guide.ts'
import { docx } from '../../src/export/docx.ts'
import { handoutDocument } from '../../src/export/print.ts'
import { readForm } from '../../src/import/formats.ts'
import type { Reading } from '../../src/import/reading.ts'
import { EQUITY } from '../support/helpers.ts'
import { edited } from '../support/office.ts'

/** The Word handout of a guide. */
export const handout = (guide: Guide = EQUITY) =>
  Buffer.from(docx(handoutDocument(guide, { title: guide.title, facts: [guide.subtitle, 'Handout'] })))

/** What a file says to a guide. */
export async function read(bytes: Buffer, name = 'table-3.docx', guide = EQUITY): Promise<Reading> {
  const found = await readForm({ name, bytes }, async () => [guide], { decided: new Map() })
  if (!found) throw new Error(`${name}: nothing of the guide`)
  return found.reading
}

/** The same; nothing where the file has nothing of the guide. */
export async function readAll(bytes: Buffer, name: string): Promise<Reading> {
  const found = await readForm({ name, bytes }, async () => [EQUITY], { decided: new Map() })
  return found?.reading ?? { groups: [], told: [], left: [], unclear: [] }
}

/** The texts of the first, or only, group by question. */
export const answersIn = ({ groups }: Reading) =>
  Object.fromEntries([...(groups[0]?.answers ?? [])].map(([id, { text }]) => [id, text]))

export const run = (text: string, properties = '') =>
  `<w:r>${properties && `<w:rPr>${properties}</w:rPr>`}<w:t xml:space="preserve">${text}</w:t></w:r>`
export const paragraph = (runs: string, properties = '') => `<w:p><w:pPr>${properties}</w:pPr>${runs}</w:p>`
export const styled = (id: string) => `<w:pStyle w:val="Answer_${anchorsOf(EQUITY).get(id)}"/>`

/** The paragraph in the box of a question, its bookmark and all, replaced. */
export function inBox(xml: string, id: string, write: (bookmark: string) => string): string {
  const name = `in_${anchorsOf(EQUITY).get(id)}`
  return xml.replace(
    new RegExp(
      `<w:p><w:pPr><w:pStyle w:val="[^"]*"/></w:pPr>(<w:bookmarkStart w:id="\\d+" w:name="${name}"/><w:bookmarkEnd w:id="\\d+"/>)</w:p>`,
    ),
    (_, bookmark: string) => write(bookmark),
  )
}
export const typed = (xml: string, id: string, runs: string) =>
  inBox(xml, id, mark => paragraph(mark + runs, styled(id)))

/** The Word handout with these answers typed into its boxes. */
export const filled = (answers: Record<string, string>) =>
  edited(handout(), xml =>
    Object.entries(answers).reduce((text, [id, said]) => typed(text, id, run(said)), xml),
  )
