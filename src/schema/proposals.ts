import { asId, id, text } from './fields.ts'
import { type Path, partAt, soundParts } from './shapes.ts'

/**
 * An id for a part that lacks one: after its title where it has one, else after where it stands, such as
 * `b.story.2`. Undefined where something else is missing.
 */
export function proposedId(path: Path, plain: unknown): string | undefined {
  const key = path.at(-1)
  if (key !== 'id' && !(key === 'name' && path.length === 1)) return undefined
  const owner = path.slice(0, -1)
  const { title = '' } = soundParts({ title: text }, partAt(plain, owner))
  const wish = asId(title) || placeName(owner, plain)
  const taken = new Set(path.length === 1 ? [] : idsIn(plain))
  for (let number = 2, each = wish; ; number++) {
    if (!taken.has(each)) return each
    each = `${wish.replace(/\d+$/, '')}${/\d$/.test(wish) ? '' : '-'}${number}`
  }
}

/** `b.story.2`, `warmup.1` or `step-3`, after the place in the file. */
function placeName(owner: Path, plain: unknown): string {
  const names = owner.filter(key => typeof key === 'string' && key !== 'questions' && key !== 'stories')
  const numbers = owner.filter(key => typeof key === 'number').map(index => index + 1)
  const [list, kind] = names
  if (list === 'elements' && kind !== undefined) {
    const element = soundParts({ id }, partAt(plain, owner.slice(0, -2))).id ?? `element-${numbers[0]}`
    return `${element}.${String(kind)}.${numbers[1]}`
  }
  if (numbers.length === 0) return 'my-guide'
  return owner.includes('questions')
    ? `${String(list)}.${numbers[0]}`
    : `${String(list).replace(/s$/, '')}-${numbers[0]}`
}

/** Every id that the text holds anywhere. */
function idsIn(plain: unknown): string[] {
  if (typeof plain !== 'object' || plain === null) return []
  const own = soundParts({ id }, plain).id
  return [...(own === undefined ? [] : [own]), ...Object.values(plain).flatMap(idsIn)]
}
