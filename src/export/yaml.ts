import { Document, Scalar, visit } from 'yaml'
import type { Answers } from '../domain/answers.ts'
import type { Guide } from '../domain/guide.ts'
import { answersFile } from './json.ts'

/** Not for the eye, or a line end to some readers of YAML: such characters are safe only as escapes in quotes. */
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/

/** The answers as YAML, in the form of an answers file: the same as in JSON. */
export const answersYaml = (guide: Guide, answers: Answers) => yamlText(answersFile(guide, answers))

/** A value as YAML, its texts of several lines as blocks. */
export function yamlText(value: unknown): string {
  const doc = new Document(value, { aliasDuplicateObjects: false })
  visit(doc, {
    Scalar(key, node) {
      if (key === 'key' || typeof node.value !== 'string') return
      if (UNSAFE.test(node.value)) node.type = Scalar.QUOTE_DOUBLE
      else if (node.value.includes('\n')) node.type = Scalar.BLOCK_LITERAL
    },
  })
  const text = doc.toString({ lineWidth: 0, doubleQuotedAsJSON: true })
  return text.replace(
    new RegExp(UNSAFE, 'g'),
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
