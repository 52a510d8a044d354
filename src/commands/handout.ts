import { dirname, join } from 'node:path'
import { UserError } from '../errors.ts'
import { handoutDocument } from '../export/guide-document.ts'
import { chooseFormat } from '../export/index.ts'
import { type Common, locate } from '../files/locate.ts'
import { deliver } from '../files/output.ts'
import { select } from '../guide.ts'

export interface HandoutOptions extends Common {
  only?: string[]
  format?: string
  output?: string
  title?: string
  overwrite?: boolean
}

/** Hands out the blank guide, or a part of it, with room to write. */
export async function handout(options: HandoutOptions): Promise<number> {
  const [name, format] = chooseFormat(options)
  if (format.carries !== 'page')
    throw new UserError(`A handout is a page: markdown, html or docx. ${name} has no room to write.`)
  const { path, guide, inputs } = await locate(options)
  const { only, title, output, overwrite } = options
  const document = handoutDocument(guide, {
    title: title ?? guide.title,
    facts: [guide.subtitle, 'Handout'],
    ...(only && { only: select(guide, only) }),
  })
  return deliver(await format.write(document), {
    output,
    overwrite,
    beside: join(dirname(path), `${guide.name}-handout.${format.endings[0]}`),
    inputs,
  })
}
