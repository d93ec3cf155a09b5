"""The office as processes: its database, its schema and static files, the web server and the worker.

``serve`` starts what is needed in this order and stops it in the other: own PostgreSQL, migrations, static
files, a worker for background jobs, web server processes. Every one of them may be killed at any time."""
