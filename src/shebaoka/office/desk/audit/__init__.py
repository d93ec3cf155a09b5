"""Pages of the desk: the record of every act, for auditors."""
