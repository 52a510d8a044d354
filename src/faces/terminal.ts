import type { OpenFace } from "../commands/start.ts";
export function openTerminalFace(
	_i: unknown,
	_o: unknown,
	_s: unknown,
): OpenFace {
	throw new Error("soon");
}
