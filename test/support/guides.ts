import { problemsError, type Source } from '../../src/domain/errors.ts'
import type { Guide } from '../../src/domain/guide.ts'
import { buildGuide } from '../../src/schema/build-guide.ts'
import { examineGuide } from '../../src/schema/guide.ts'

/** The guide that a text holds. @throws UserError with every problem as file:line:column, if it holds none. */
export function parseGuide(source: Source): Guide {
  const { value, problems } = examineGuide(source)
  if (!value) throw problemsError(problems, source)
  return buildGuide(value)
}
