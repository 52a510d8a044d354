import { type Document, isAlias, isScalar, type Scalar, visit } from 'yaml'
import { asBlock, type Block, type Fault } from './yaml-repair.ts'

/**
 * Signs in front of a text that YAML takes for itself: a `*name` for which there is no `&name`, mostly a word that
 * was meant to be bold; and a `&name` or `!`, which would be left out of the text without a word.
 */
export function straySigns(doc: Document.Parsed, text: string, block: Block): Fault[] {
  const named: Scalar[] = []
  const anchors = new Set<string>()
  const aliases = new Map<string, number[]>()
  const lost: { sign: string; before: number }[] = []
  visit(doc, {
    Node(_, node) {
      const pos = node.range?.[0] ?? 0
      if (isAlias(node)) aliases.set(node.source, [...(aliases.get(node.source) ?? []), pos])
      else if (node.anchor) anchors.add(node.anchor)
      if (!isScalar(node)) return
      if (node.anchor) named.push(node)
      if (node.tag === '!') lost.push({ sign: '!', before: pos })
    },
  })
  for (const { anchor = '', range } of named)
    if (!aliases.has(anchor)) lost.push({ sign: `&${anchor}`, before: range?.[0] ?? 0 })
  const fault = (pos: number, what: string, remedy: string): Fault => {
    return { pos, from: pos, what, remedy, mend: 'cut', local: true }
  }
  const dead = [...aliases].filter(([name]) => !anchors.has(name))
  return [
    ...dead.flatMap(([name, places]) =>
      places.map(pos =>
        fault(pos, `"*${name}" refers to nothing`, `"*" has a meaning in YAML. ${asBlock(block)}`),
      ),
    ),
    ...lost.map(({ sign, before }) =>
      fault(
        text.lastIndexOf(sign, before),
        `"${sign}" in front of a text has a meaning in YAML, and would be no part of the text`,
        asBlock(block),
      ),
    ),
  ]
}
