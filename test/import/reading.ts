import type { Guide } from '../../src/domain/guide.ts'
import { docx } from '../../src/export/docx.ts'
import { handoutDocument } from '../../src/export/handout.ts'
import { readForm } from '../../src/import/formats.ts'
import type { Reading } from '../../src/import/reading.ts'
import { EQUITY } from '../support/helpers.ts'

/** The Word handout of a guide. */
export const handout = (guide: Guide = EQUITY) =>
  Buffer.from(docx(handoutDocument(guide, { title: guide.title, facts: [guide.subtitle, 'Handout'] })))

/** What a file says to a guide. */
export async function read(bytes: Buffer, name = 'table-3.docx', guide = EQUITY): Promise<Reading> {
  const found = await readForm({ name, bytes }, async () => guide, { decided: new Map() })
  if (!found) throw new Error(`${name}: nothing of the guide`)
  return found.reading
}

/** The texts of the first, or only, group by question. */
export const answersIn = ({ groups }: Reading) =>
  Object.fromEntries([...(groups[0]?.answers ?? [])].map(([id, { text }]) => [id, text]))
