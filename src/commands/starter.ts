import { asId } from '../schema/fields.ts'

/* The first text of a guide or a plan of one's own, out of a shipped one. */

const SCHEMA_LINE = /^# yaml-language-server: \$schema=.*\n/

/** The text with the address of its schema, seen from where the new file will stand. */
export function withSchema(text: string, address: string): string {
  return `# yaml-language-server: $schema=${address}\n${text.replace(SCHEMA_LINE, '')}`
}

/** The commented starter, with the id and the commands of the new file. */
export function starterGuide(text: string, file: string): string {
  return text.replaceAll('my-guide.yaml', quoted(file)).replaceAll('my-guide', idOf(file))
}

/**
 * A copy of a guide under an id of its own: were there two with one id, notes would be taken for those of the
 * shipped one.
 */
export function copiedGuide(text: string, file: string, from: string): string {
  const head = text.replace(SCHEMA_LINE, '')
  return [
    `# A copy of the guide "${from}". If you change its texts, say so in the note below "source".`,
    head
      .replace(/^id: .*$/m, `id: ${idOf(file)}`)
      .replace(/^name: .*$/m, `name: ${idOf(file)}`)
      .trimEnd(),
    '',
  ].join('\n')
}

function idOf(file: string): string {
  const id = asId(file.replace(/\.ya?ml$/i, '')) || 'my-guide'
  // YAML would take these for a number or a word of its own.
  return /^[\d-]*(?:e[\d-]+)?$|^0[xo]|^(?:true|false|null)$/.test(id) ? `guide-${id}` : id
}
const quoted = (file: string) => (/^[\w.-]+$/.test(file) ? file : `"${file}"`)
