"""The enquiry password (查询密码): how a holder signs in to the portal, and what helps when she cannot.

It shares no table, counter or reset path with card PIN, bank password and electronic card password."""
