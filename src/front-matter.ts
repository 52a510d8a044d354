import { parseDocument } from 'yaml'
import type { Problem } from './errors.ts'

/** What the front matter says about how these notes are worked on. */
export interface FrontMatter {
  guide?: string
  group?: string
  order?: string
  only?: string[]
}

export function readFrontMatter(text: string): {
  fields: FrontMatter
  body: number
  bodyLine: number
  problems: Problem[]
} {
  const opening = /^\ufeff?---[ \t]*\r?\n/.exec(text)?.[0]
  const closing = opening ? /(?:^|\n)---[ \t]*(?:\r?\n|$)/.exec(text.slice(opening.length)) : null
  if (!opening || !closing)
    return {
      fields: {},
      body: text.startsWith('\ufeff') ? 1 : 0,
      bodyLine: 1,
      problems: [],
    }
  const yaml = text.slice(opening.length, opening.length + closing.index)
  const body = opening.length + closing.index + closing[0].length
  const bodyLine = text.slice(0, body).split('\n').length
  const doc = parseDocument(yaml, { prettyErrors: false })
  const problems = doc.errors.map(error => ({
    line: 1 + yaml.slice(0, error.pos[0]).split('\n').length,
    what: `the lines between the two "---" cannot be read: ${error.message}`,
  }))
  const fields = problems.length > 0 ? {} : fieldsOf(doc.toJS({ maxAliasCount: 0 }))
  return { fields, body, bodyLine, problems }
}

function fieldsOf(front: unknown): FrontMatter {
  if (typeof front !== 'object' || front === null) return {}
  const { guide, group, order, only } = front as Record<string, unknown>
  const word = (value: unknown) =>
    typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
  const list = (Array.isArray(only) ? only : [only]).map(word).filter(item => item !== undefined)
  const fields = {
    guide: word(guide),
    group: word(group),
    order: word(order),
    ...(list.length > 0 && { only: list }),
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
