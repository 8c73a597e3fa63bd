"""The ledger in memory: the three tables' ports with the same conditions, without DynamoDB.

The contract tests in `tests/tables` run on these and on DynamoDB alike. For callers of one thread.
`MemoryEntries.freeze_index` and `MemoryFiles.freeze_index` make lists lag behind the table, as
DynamoDB's secondary indexes may; decisions (claims, moves) never look there.
"""

from tests.fakes.ledger_entries import MemoryEntries
from tests.fakes.ledger_files import MemoryFiles
from tests.fakes.ledger_shops import MemoryShops

__all__ = ["MemoryEntries", "MemoryFiles", "MemoryShops"]
