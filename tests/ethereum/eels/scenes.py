"""Runs generated scenes on EELS: `scenes.py FILE`. The file has one scene on each line, with what the library made
of it. Ends with "N passed, M failed", counted in transactions and states."""

import json
import sys

from machine import Machine

# Recursion through 1024 frames of a contract takes a few of Python's each.
sys.setrecursionlimit(20_000)


def differences(scene):
    """What differs, transaction by transaction, and in the end; none for each that does not."""
    machine = Machine(scene["fork"], scene["block"], scene["accounts"])
    for index, sent in enumerate(scene["transactions"]):
        ours, eels = sent["result"], machine.transact(sent)
        yield None if ours == eels else f"transaction {index}: zvm {ours}, EELS {eels}"
    ours, eels = scene["after"], machine.accounts()
    addresses = [address for address in sorted(ours | eels) if ours.get(address) != eels.get(address)]
    yield "; ".join(f"{at}: zvm {ours.get(at)}, EELS {eels.get(at)}" for at in addresses) or None


def main(path):
    passed = failed = 0
    with open(path) as scenes:
        for line in scenes:
            scene = json.loads(line)
            for difference in differences(scene):
                passed, failed = passed + (difference is None), failed + (difference is not None)
                if difference:
                    print(f"not equal: seed {scene['seed']}, {scene['fork']}: {difference}")
    print(f"eels: {passed} passed, {failed} failed")
    return failed > 0 or passed == 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
