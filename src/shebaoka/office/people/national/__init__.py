"""The national base of cardholders (持卡人员基础信息库, D-01, D-08): what it is asked and told, and how."""
