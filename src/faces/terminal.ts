import type { OpenFace } from './sitting.ts'
export function openTerminalFace(_i: unknown, _o: unknown, _s: unknown): OpenFace {
  throw new Error('soon')
}
